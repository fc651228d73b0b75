import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type BookEvent, order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { type DeliveryPlan, type Handler, idempotent, type Store, simulate } from './crash-points.ts'

/** The keys and values that a database holds. */
export type Rows = Record<string, string>

/** Every crash point of two events, your `simulate` at work: what is lost, what is done twice? */
export async function everyCrashPoint() {
  for (const commit of ['after-work', 'before-work'] as const) {
    console.log(`commit ${commit}`)
    for (const crash of [0, 1, 2, 3, 4]) {
      const plan: DeliveryPlan = {
        events: ['EVT-1', 'EVT-2'],
        producer: { acks: 'all', retries: 0, idempotent: false },
        trouble: {},
        consumer: { commit, batch: 1 },
        crashes: [crash],
      }
      const { lost, duplicated } = simulate(plan)
      const list = (ids: string[]) => (ids.join(' ') || '-').padEnd(8)
      console.log(`  crash after ${crash} steps   lost ${list(lost)} duplicated ${list(duplicated)}`)
    }
  }
}

interface Life {
  /** What the database holds when this process starts. */
  rows: Rows
  /** What is delivered, one after the other. */
  events: BookEvent[]
  /** The handler fails in its first calls, this many. */
  failing?: number
}

/** One life of the inventory service: it reserves copies, by way of your `idempotent`. The database outlives it. */
export async function inventory({ given }: Pick<Stage<Life>, 'given'>) {
  const event = order('ORD-1042')
  const { rows, events, failing = 0 } = given ?? { rows: shelf(10), events: [event, event] }
  const database = new Database(rows)
  const handle = idempotent(reserving(database, failing), database)
  const failures: (string | null)[] = []
  for (const event of events) failures.push(await failureOf(handle(event)))
  return { rows: database.rows(), failures }
}

/**
 * Ten copies on the shelf; one event for one copy is delivered to a service that dies before its step of this number,
 * and to its next life. Steps are what is asked of the database. Tells how many copies were left, for every step.
 */
export async function dieAtEveryStep() {
  const copiesLeft: number[] = []
  for (let step = 0; ; step++) {
    const event = order(`ORD-${step}`)
    const first = new Database(shelf(10), step)
    const died = await Promise.race([
      idempotent(reserving(first), first)(event).then(() => false),
      first.dead.then(() => true),
    ])
    const second = new Database(first.rows())
    await idempotent(reserving(second), second)(event)
    copiesLeft.push(copiesOn(second.rows()))
    if (!died) return copiesLeft
  }
}

/** Two members of a group get the same event at the same moment, as in a rebalance. Their database is the same. */
export async function twoAtOnce() {
  const database = new Database(shelf(10))
  const event = order('ORD-1042')
  const members = [1, 2].map(() => idempotent(reserving(database), database))
  await Promise.all(members.map((handle) => handle(event)))
  return copiesOn(database.rows())
}

const ISBN = order('any').data.isbn
const shelf = (copies: number): Rows => ({ [`stock:${ISBN}`]: String(copies) })
const copiesOn = (rows: Rows) => Number(rows[`stock:${ISBN}`])

/** Takes the copies of an order off the shelf. When it fails, it does so with half of its work done. */
function reserving(database: Store, failing = 0): Handler {
  let calls = 0
  return async ({ orderId, data }) => {
    const copies = Number(await database.get(`stock:${data.isbn}`))
    await database.set(`stock:${data.isbn}`, String(copies - data.qty))
    calls += 1
    if (calls <= failing) throw new Error('disk full')
    await database.set(`reserved:${orderId}`, String(data.qty))
  }
}

async function failureOf(work: Promise<void>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A database in memory that plays one that lasts: its rows are handed from one life of the service to the next. */
class Database implements Store {
  /** Resolves when the service has died: from then on, no step of it is ever done. */
  readonly dead: Promise<void>
  private readonly kept: Map<string, string>
  private readonly stepsToLive: number
  private die: () => void = () => {}
  private steps = 0
  private readonly writes = new AsyncLocalStorage<Map<string, string>>()
  private last: Promise<unknown> = Promise.resolve()

  constructor(rows: Rows, stepsToLive = Number.POSITIVE_INFINITY) {
    this.kept = new Map(Object.entries(rows))
    this.stepsToLive = stepsToLive
    this.dead = new Promise((resolve) => {
      this.die = resolve
    })
  }

  rows(): Rows {
    return Object.fromEntries(this.kept)
  }

  async get(key: string): Promise<string | null> {
    await this.step()
    return this.writes.getStore()?.get(key) ?? this.kept.get(key) ?? null
  }

  async set(key: string, value: string): Promise<void> {
    await this.step()
    const into = this.writes.getStore() ?? this.kept
    into.set(key, value)
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.writes.getStore()) return Promise.reject(new Error('There is a transaction at work already'))
    const mine = this.last.then(async () => {
      const writes = new Map<string, string>()
      const result = await this.writes.run(writes, work)
      await this.step()
      for (const [key, value] of writes) this.kept.set(key, value)
      return result
    })
    this.last = mine.catch(() => {})
    return mine
  }

  private async step(): Promise<void> {
    await nextTurn()
    if (this.steps < this.stepsToLive) {
      this.steps += 1
      return
    }
    this.die()
    await new Promise(() => {})
  }
}
