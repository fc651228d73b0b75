// Another way: a class per service. Each mark holds the events that the work led to, and they are told each time.

import type { Consumer, ConsumerConfig, Kafka, KafkaMessage, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export type Service = 'order' | 'inventory' | 'payment' | 'notification' | 'analytics'

export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  transaction<T>(work: () => Promise<T>): Promise<T>
}

export interface Gateway {
  charge(key: string, order: { orderId: string; userId: string }): Promise<'charged' | 'declined'>
}

export interface Mailer {
  send(mail: { userId: string; orderId: string; about: string }): Promise<void>
}

export interface Deps {
  topics: { orders: string; deadLetters: string }
  consumer(service: Service): ConsumerConfig
  stores: Record<Service, Store>
  gateway: Gateway
  mailer: Mailer
}

export interface Bookstore {
  publish(event: BookEvent): Promise<void>
  start(service: Service): Promise<void>
  stop(service: Service): Promise<void>
  close(): Promise<void>
}

// "Done is not told", first way: with the mark of an event lies what it led to, and that is told each time the event comes.

/** What a service does with an event that it has read. What it returns is told, the first time and every time after. */
type Work = (event: BookEvent) => Promise<BookEvent[]>

class Shop implements Bookstore {
  readonly #kafka: Kafka
  readonly #deps: Deps
  readonly #producer: Producer
  readonly #running = new Map<Service, Promise<Consumer>>()

  constructor(kafka: Kafka, deps: Deps) {
    this.#kafka = kafka
    this.#deps = deps
    this.#producer = kafka.producer({ allowAutoTopicCreation: false })
  }

  async open(): Promise<this> {
    await this.#producer.connect()
    return this
  }

  publish(event: BookEvent): Promise<void> {
    return publish(this.#producer, this.#deps, event)
  }

  async start(service: Service): Promise<void> {
    const desk = DESKS[service](this.#deps)
    const starting = run(this.#kafka, this.#producer, this.#deps, service, (event) => desk.handle(event))
    this.#running.set(service, starting)
    await starting
  }

  async stop(service: Service): Promise<void> {
    const starting = this.#running.get(service)
    this.#running.delete(service)
    // One that could not start has disconnected already.
    const consumer = await starting?.catch(() => null)
    await consumer?.disconnect()
  }

  async close(): Promise<void> {
    try {
      await Promise.all([...this.#running.keys()].map((service) => this.stop(service)))
    } finally {
      await this.#producer.disconnect()
    }
  }
}

/** Opens the bookstore. No service runs yet. */
export async function startBookstore(kafka: Kafka, deps: Deps): Promise<Bookstore> {
  return new Shop(kafka, deps).open()
}

/** The next event of the same order. Its id says what happened to which order: told twice, it is the same event. */
export function nextEvent(event: BookEvent, type: string): BookEvent {
  const { orderId } = event
  return { ...event, eventId: `EVT-${orderId}-${type}`, type, occurredAt: new Date().toISOString() }
}

/** What an event makes of its order. */
export const STATUS: Record<string, string> = {
  OrderPlaced: 'PLACED',
  OrderConfirmed: 'CONFIRMED',
  OrderRejected: 'REJECTED',
  PaymentReceived: 'PAID',
  PaymentDeclined: 'CANCELLED',
  OrderShipped: 'SHIPPED',
  OrderDelivered: 'DELIVERED',
}

// Kafka

export async function publish(producer: Producer, { topics }: Deps, event: BookEvent): Promise<void> {
  await producer.sendBatch({
    acks: -1,
    topicMessages: [
      { topic: topics.orders, messages: [{ key: event.orderId, value: JSON.stringify(event) }] },
    ],
  })
}

/** Starts a consumer that hands every event to the work of its service. */
export async function run(
  kafka: Kafka,
  producer: Producer,
  deps: Deps,
  service: Service,
  work: Work,
): Promise<Consumer> {
  const consumer = kafka.consumer(deps.consumer(service))
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [deps.topics.orders], fromBeginning: true })
    await consumer.run({
      autoCommitThreshold: 1,
      eachMessage: async ({ message }) => {
        try {
          const event = read(message)
          if (event === null) return await toDeadLetters(producer, deps, message)
          for (const told of await work(event)) await publish(producer, deps, told)
        } catch (cause) {
          // kafkajs does not try again after a TypeError, nor after an error of its own that it calls final.
          throw new Error(`${service} has to see offset ${message.offset} again: ${String(cause)}`, { cause })
        }
      },
    })
    return consumer
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
}

/** The event in a record; null for one that will never be one. */
function read({ value }: KafkaMessage): BookEvent | null {
  if (value === null) return null
  try {
    const event: unknown = JSON.parse(value.toString())
    return isEvent(event) ? event : null
  } catch {
    return null
  }
}

function isEvent(value: unknown): value is BookEvent {
  if (typeof value !== 'object' || value === null) return false
  const { eventId, type, orderId } = value as Record<string, unknown>
  return [eventId, type, orderId].every((part) => typeof part === 'string')
}

export async function toDeadLetters(
  producer: Producer,
  { topics }: Deps,
  message: KafkaMessage,
): Promise<void> {
  const { key, value, headers } = message
  await producer.send({ topic: topics.deadLetters, messages: [{ key, value, headers: { ...headers } }] })
}

// The services

/** A service at its database: it knows each event that it has worked on, together with what came of it. */
abstract class Desk {
  abstract readonly wants: readonly string[]
  readonly store: Store

  constructor(store: Store) {
    this.store = store
  }

  /** Inside of the transaction that also keeps the mark. Returns the types of the events that follow. */
  abstract work(event: BookEvent, answer: string | null): Promise<string[]>

  /** Before the transaction: a question to somebody else, who may be slow. */
  async ask(_event: BookEvent): Promise<string | null> {
    return null
  }

  async handle(event: BookEvent): Promise<BookEvent[]> {
    if (!this.wants.includes(event.type)) return []
    const row = `leads-to:${event.eventId}`
    const known = await this.store.get(row)
    if (known !== null) return JSON.parse(known) as BookEvent[]

    const answer = await this.ask(event)
    return this.store.transaction(async () => {
      const meanwhile = await this.store.get(row)
      if (meanwhile !== null) return JSON.parse(meanwhile) as BookEvent[]
      const followers = (await this.work(event, answer)).map((type) => nextEvent(event, type))
      await this.store.set(row, JSON.stringify(followers))
      return followers
    })
  }

  /** Adds to a number in the database. */
  async add(row: string, copies: number): Promise<void> {
    await this.store.set(row, String(Number((await this.store.get(row)) ?? 0) + copies))
  }
}

class OrderDesk extends Desk {
  override readonly wants = Object.keys(STATUS)

  override async work(event: BookEvent): Promise<string[]> {
    const status = STATUS[event.type]
    if (status !== undefined) await this.store.set(`status:${event.orderId}`, status)
    return []
  }
}

class InventoryDesk extends Desk {
  override readonly wants = ['OrderPlaced', 'PaymentDeclined']

  override async work({ type, data }: BookEvent): Promise<string[]> {
    const shelf = `stock:${data.isbn}`
    if (type === 'PaymentDeclined') {
      await this.add(shelf, data.qty)
      return []
    }
    if (Number((await this.store.get(shelf)) ?? 0) < data.qty) return ['OrderRejected']
    await this.add(shelf, -data.qty)
    return ['OrderConfirmed']
  }
}

class PaymentDesk extends Desk {
  override readonly wants = ['OrderConfirmed']
  readonly #gateway: Gateway

  constructor(store: Store, gateway: Gateway) {
    super(store)
    this.#gateway = gateway
  }

  override ask({ orderId, userId }: BookEvent): Promise<string | null> {
    return this.#gateway.charge(orderId, { orderId, userId })
  }

  override async work(_event: BookEvent, answer: string | null): Promise<string[]> {
    if (answer === null) throw new Error('the gateway was not asked')
    return [answer === 'charged' ? 'PaymentReceived' : 'PaymentDeclined']
  }
}

class MailDesk extends Desk {
  override readonly wants = ['OrderRejected', 'PaymentReceived', 'PaymentDeclined']
  readonly #mailer: Mailer

  constructor(store: Store, mailer: Mailer) {
    super(store)
    this.#mailer = mailer
  }

  /** The mail goes out while the database is ours, so that no other copy sends it as well. */
  override async work({ userId, orderId, type }: BookEvent): Promise<string[]> {
    await this.#mailer.send({ userId, orderId, about: type })
    return []
  }
}

class AnalyticsDesk extends Desk {
  override readonly wants = ['PaymentReceived']

  override async work({ data }: BookEvent): Promise<string[]> {
    await this.add(`sold:${data.isbn}`, data.qty)
    return []
  }
}

const DESKS: Record<Service, (deps: Deps) => Desk> = {
  order: ({ stores }) => new OrderDesk(stores.order),
  inventory: ({ stores }) => new InventoryDesk(stores.inventory),
  payment: ({ stores, gateway }) => new PaymentDesk(stores.payment, gateway),
  notification: ({ stores, mailer }) => new MailDesk(stores.notification, mailer),
  analytics: ({ stores }) => new AnalyticsDesk(stores.analytics),
}
