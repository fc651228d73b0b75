// Another way: an outbox. What is to be told is kept together with the work, and a second step carries it to Kafka.

import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka } from 'kafkajs'
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

/** The row with the events that were not published yet, as a JSON array. */
const OUTBOX = 'outbox'

/** What a service does, in a transaction of its database. Whatever it hands to `tell` goes into the outbox. */
type React = (event: BookEvent, tell: (type: string) => void) => Promise<void>

export async function startBookstore(kafka: Kafka, deps: Deps): Promise<Bookstore> {
  const producer = kafka.producer({ idempotent: true })
  await producer.connect()
  const consumers = new Map<Service, Consumer>()

  async function send(...events: BookEvent[]) {
    const messages = events.map((event) => ({ key: event.orderId, value: JSON.stringify(event) }))
    if (messages.length > 0) await producer.send({ topic: deps.topics.orders, messages })
  }

  /** Publishes what lies in the outbox, whoever has put it there, and takes it out. */
  async function emptyOutbox(store: Store) {
    const waiting: BookEvent[] = JSON.parse((await store.get(OUTBOX)) ?? '[]')
    if (waiting.length === 0) return
    await send(...waiting)
    const sent = new Set(waiting.map(({ eventId }) => eventId))
    await store.transaction(async () => {
      const now: BookEvent[] = JSON.parse((await store.get(OUTBOX)) ?? '[]')
      await store.set(OUTBOX, JSON.stringify(now.filter(({ eventId }) => !sent.has(eventId))))
    })
  }

  async function handle(service: Service, event: BookEvent) {
    const store = deps.stores[service]
    await store.transaction(async () => {
      const seen = `seen/${event.eventId}`
      if ((await store.get(seen)) !== null) return
      const told: BookEvent[] = []
      await reactions(deps)[service](event, (type) => told.push(following(event, type)))
      if (told.length > 0) {
        const waiting: BookEvent[] = JSON.parse((await store.get(OUTBOX)) ?? '[]')
        await store.set(OUTBOX, JSON.stringify([...waiting, ...told]))
      }
      await store.set(seen, new Date().toISOString())
    })
    await emptyOutbox(store)
  }

  async function eachBatch(service: Service, payload: EachBatchPayload) {
    const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, isRunning, isStale } = payload
    for (const message of batch.messages) {
      if (!isRunning() || isStale()) return
      const event = parse(message.value)
      if (event) await handle(service, event)
      else {
        const { key, value } = message
        const headers = { service, origin: `${batch.topic}/${batch.partition}/${message.offset}` }
        await producer.send({ topic: deps.topics.deadLetters, messages: [{ key, value, headers }] })
      }
      resolveOffset(message.offset)
      await heartbeat()
    }
    await commitOffsetsIfNecessary()
  }

  async function stop(service: Service) {
    const consumer = consumers.get(service)
    consumers.delete(service)
    await consumer?.stop()
    await consumer?.disconnect()
  }

  return {
    publish: (event) => send(event),
    async start(service) {
      const consumer = kafka.consumer(deps.consumer(service))
      consumers.set(service, consumer)
      await consumer.connect()
      await consumer.subscribe({ topic: deps.topics.orders, fromBeginning: true })
      await consumer.run({ eachBatchAutoResolve: false, eachBatch: (payload) => eachBatch(service, payload) })
    },
    stop,
    async close() {
      for (const service of [...consumers.keys()]) await stop(service)
      await producer.disconnect()
    },
  }
}

function parse(value: Buffer | null): BookEvent | undefined {
  try {
    return value ? JSON.parse(value.toString('utf8')) : undefined
  } catch {
    return undefined
  }
}

function following(event: BookEvent, type: string): BookEvent {
  return {
    ...event,
    type,
    eventId: `EVT-${event.orderId}-${type}`,
    occurredAt: new Date().toISOString(),
  }
}

/** Adds to a number in a database, and says what it is then. */
async function add(store: Store, key: string, number: number): Promise<number> {
  const sum = Number((await store.get(key)) ?? 0) + number
  await store.set(key, String(sum))
  return sum
}

const STATUS_AFTER = new Map([
  ['OrderPlaced', 'PLACED'],
  ['OrderConfirmed', 'CONFIRMED'],
  ['OrderRejected', 'REJECTED'],
  ['PaymentReceived', 'PAID'],
  ['PaymentDeclined', 'CANCELLED'],
  ['OrderShipped', 'SHIPPED'],
  ['OrderDelivered', 'DELIVERED'],
])

function reactions({ stores, gateway, mailer }: Deps): Record<Service, React> {
  return {
    order: async ({ type, orderId }) => {
      const status = STATUS_AFTER.get(type)
      if (status) await stores.order.set(`status:${orderId}`, status)
    },
    inventory: async ({ type, data: { isbn, qty } }, tell) => {
      const shelf = `stock:${isbn}`
      if (type === 'PaymentDeclined') await add(stores.inventory, shelf, qty)
      if (type !== 'OrderPlaced') return
      const enough = Number(await stores.inventory.get(shelf)) >= qty
      if (enough) await add(stores.inventory, shelf, -qty)
      tell(enough ? 'OrderConfirmed' : 'OrderRejected')
    },
    payment: async ({ type, orderId, userId }, tell) => {
      if (type !== 'OrderConfirmed') return
      const answer = await gateway.charge(`payment for ${orderId}`, { orderId, userId })
      tell(answer === 'declined' ? 'PaymentDeclined' : 'PaymentReceived')
    },
    notification: async ({ type, orderId, userId }) => {
      if (type === 'PaymentReceived' || type === 'PaymentDeclined' || type === 'OrderRejected') {
        await mailer.send({ userId, orderId, about: type })
      }
    },
    analytics: async ({ type, data: { isbn, qty } }) => {
      if (type === 'PaymentReceived') await add(stores.analytics, `sold:${isbn}`, qty)
    },
  }
}
