import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Service, Store } from './bookstore.ts'

/**
 * The databases of the bookstore, one for each service. They lie in the process of the scene, and services come to them over
 * a socket: so they outlive every service, processes can share one, and a process that is killed in a transaction leaves
 * nothing of it behind.
 */

/** The keys and values that a database holds. */
export type Rows = Record<string, string>
type Writes = [key: string, value: string][]

/** What a client asks of one database: a line of JSON, answered by another one with the same `id`. */
type Request = { id: number; service: Service } & Question
type Question =
  | { ask: 'get'; key: string }
  | { ask: 'write'; writes: Writes }
  | { ask: 'begin' }
  | { ask: 'keep'; writes: Writes }
  | { ask: 'undo' }

/** How long a write outside of a transaction may be kept waiting for somebody else's. */
const UNLUCKY_MS = 300

/** Opens databases that hold these rows. Rejects when the machine has no port for them. */
export async function openDatabases(given: Record<Service, Rows>) {
  const tables = new Map(Object.entries(given).map(([service, rows]) => [service, new Table(rows)]))
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    createInterface({ input: socket }).on('line', async (line) => {
      const { id, service, ...question } = JSON.parse(line) as Request
      const value = await tables.get(service)?.answer(socket, question)
      socket.write(`${JSON.stringify({ id, value })}\n`)
    })
    // A client that was killed hangs up without a word.
    socket.on('error', () => {})
    socket.on('close', () => {
      for (const table of tables.values()) table.forget(socket)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    rows: (service: Service): Rows => Object.fromEntries(tables.get(service)?.rows ?? []),
    clear: (service: Service) => tables.get(service)?.rows.clear(),
    /** Whether a transaction waits for another one to end. */
    isAwaited: (service: Service): boolean => tables.get(service)?.isAwaited() ?? false,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

class Table {
  readonly rows: Map<string, string>
  private readonly clients = new Set<Socket>()
  private readonly waiting: { who: Socket; enter(): void }[] = []
  private owner: Socket | null = null
  private overtaken: (() => void)[] = []

  constructor(rows: Rows) {
    this.rows = new Map(Object.entries(rows))
  }

  async answer(who: Socket, question: Question): Promise<string | null> {
    this.clients.add(who)
    if (question.ask === 'get') return this.rows.get(question.key) ?? null
    if (question.ask === 'write') await this.write(question.writes)
    if (question.ask === 'begin') await this.turnOf(who)
    if (question.ask === 'keep') this.keep(question.writes)
    if (question.ask === 'keep' || question.ask === 'undo') this.release(who)
    return null
  }

  isAwaited(): boolean {
    return this.waiting.length > 0
  }

  /** The client is gone: its transaction is over, and it waits for none. */
  forget(who: Socket): void {
    this.clients.delete(who)
    const left = this.waiting.filter((one) => one.who !== who)
    this.waiting.splice(0, this.waiting.length, ...left)
    this.release(who)
  }

  private async turnOf(who: Socket): Promise<void> {
    if (this.owner !== null) {
      await new Promise<void>((resolve) => {
        this.waiting.push({ who, enter: resolve })
      })
    }
    this.owner = who
  }

  /** Without a transaction, somebody else may write between a read and the write that follows from it. Here, they do. */
  private async write(writes: Writes): Promise<void> {
    if (this.clients.size > 1) {
      const overtaken = new Promise<void>((resolve) => {
        this.overtaken.push(resolve)
      })
      await Promise.race([overtaken, sleep(UNLUCKY_MS)])
    }
    this.keep(writes)
  }

  private keep(writes: Writes): void {
    for (const [key, value] of writes) this.rows.set(key, value)
    for (const go of this.overtaken.splice(0)) go()
  }

  private release(who: Socket): void {
    if (this.owner !== who) return
    const next = this.waiting.shift()
    this.owner = next?.who ?? null
    next?.enter()
  }
}

type Ask = (question: Question) => Promise<string | null>

/** Hears of each write when it is kept, and is waited for. */
type OnKept = (written: Rows) => Promise<void>

/** A process's way to the databases. */
export async function connectTo(port: number, onKept: OnKept) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const asked = new Map<number, (value: string | null) => void>()
  let last = 0
  createInterface({ input: socket }).on('line', (line) => {
    const { id, value } = JSON.parse(line) as { id: number; value: string | null }
    asked.get(id)?.(value)
    asked.delete(id)
  })
  const storeOf = (service: Service) =>
    new ClientStore((question) => {
      last += 1
      const request: Request = { id: last, service, ...question }
      socket.write(`${JSON.stringify(request)}\n`)
      return new Promise((resolve) => asked.set(request.id, resolve))
    }, onKept)
  const stores: Record<Service, Store> = {
    order: storeOf('order'),
    inventory: storeOf('inventory'),
    payment: storeOf('payment'),
    notification: storeOf('notification'),
    analytics: storeOf('analytics'),
  }
  return { stores, close: () => socket.destroy() }
}

/** A store as in exercise 17. What a transaction sets waits here until it is kept. */
class ClientStore implements Store {
  private readonly ask: Ask
  private readonly onKept: OnKept
  private readonly writes = new AsyncLocalStorage<Map<string, string>>()
  private last: Promise<unknown> = Promise.resolve()

  constructor(ask: Ask, onKept: OnKept) {
    this.ask = ask
    this.onKept = onKept
  }

  async get(key: string): Promise<string | null> {
    return this.writes.getStore()?.get(key) ?? this.ask({ ask: 'get', key })
  }

  async set(key: string, value: string): Promise<void> {
    const mine = this.writes.getStore()
    if (mine) mine.set(key, value)
    else await this.keep('write', [[key, value]])
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.writes.getStore()) return Promise.reject(new Error('There is a transaction at work already'))
    const mine = this.last.then(async () => {
      await this.ask({ ask: 'begin' })
      const writes = new Map<string, string>()
      try {
        const result = await this.writes.run(writes, work)
        await this.keep('keep', [...writes])
        return result
      } catch (error) {
        await this.ask({ ask: 'undo' })
        throw error
      }
    })
    this.last = mine.catch(() => {})
    return mine
  }

  private async keep(ask: 'write' | 'keep', writes: Writes): Promise<void> {
    await this.ask({ ask, writes })
    await this.onKept(Object.fromEntries(writes))
  }
}
