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

/** What a service does with an event that it has read: its work, and then the events that tell what came of it. */
type Work = (event: BookEvent) => Promise<BookEvent[]>

export async function startBookstore(kafka: Kafka, deps: Deps): Promise<Bookstore> {
  const producer = kafka.producer()
  await producer.connect()
  const running = new Map<Service, Consumer>()

  const stop = async (service: Service) => {
    await running.get(service)?.disconnect()
    running.delete(service)
  }
  return {
    publish: (event) => publish(producer, deps, event),
    start: async (service) => {
      const work = SERVICES[service](deps)
      const consumer = kafka.consumer(deps.consumer(service))
      // Noted before it connects: close() finds it, however far it gets.
      running.set(service, consumer)
      await run(consumer, producer, deps, service, work)
    },
    stop,
    close: async () => {
      await Promise.all([...running.keys()].map(stop))
      await producer.disconnect()
    },
  }
}

/** The next event of the same order. Its id says what happened to which order: told twice, it is the same event. */
export function nextEvent(event: BookEvent, type: string): BookEvent {
  const { orderId } = event
  return { ...event, eventId: `EVT-${orderId}-${type}`, type, occurredAt: new Date().toISOString() }
}

export const STATUS: Record<string, string> = {
  OrderPlaced: 'PLACED',
  OrderConfirmed: 'CONFIRMED',
  OrderRejected: 'REJECTED',
  PaymentReceived: 'PAID',
  PaymentDeclined: 'CANCELLED',
  OrderShipped: 'SHIPPED',
  OrderDelivered: 'DELIVERED',
}

/** The key holds an order together: its events share a partition, and stay in the order in which they were published. */
export async function publish(producer: Producer, { topics }: Deps, event: BookEvent): Promise<void> {
  await producer.send({
    topic: topics.orders,
    messages: [{ key: event.orderId, value: JSON.stringify(event) }],
  })
}

/** Reads, works, tells, and only then lets kafkajs commit: whatever a crash cuts off, the next member begins again. */
export async function run(
  consumer: Consumer,
  producer: Producer,
  deps: Deps,
  service: Service,
  work: Work,
): Promise<void> {
  await consumer.connect()
  await consumer.subscribe({ topics: [deps.topics.orders], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      const event = readEvent(message)
      if (event === null) return toDeadLetters(producer, deps, message)
      // An error from here on is trouble, not poison: it goes to kafkajs, which hands out the record again.
      for (const next of await once(deps.stores[service], event, work)) await publish(producer, deps, next)
    },
  })
}

/**
 * Does the work for an event once, and remembers what came of it. The memory lies where the effect lies, and is kept in the
 * same transaction: a crash leaves both or nothing.
 *
 * Publishing is not part of that transaction, and cannot be. So the caller publishes also what is only remembered: whoever
 * died between the two has told nobody. The others hear it twice now and then, and do this here in their turn.
 */
function once(store: Store, event: BookEvent, work: Work): Promise<BookEvent[]> {
  return store.transaction(async () => {
    const mark = `done:${event.eventId}`
    const remembered = await store.get(mark)
    if (remembered !== null) return JSON.parse(remembered) as BookEvent[]
    const outcome = await work(event)
    await store.set(mark, JSON.stringify(outcome))
    return outcome
  })
}

/**
 * Null for a value that is not JSON: it will not become any better, and behind it others wait. JSON that is no event would end
 * in a TypeError, which kafkajs takes for a bug and stops at: that goes the same way.
 */
function readEvent({ value }: KafkaMessage): BookEvent | null {
  try {
    const event = JSON.parse(String(value))
    return typeof event?.eventId === 'string' ? event : null
  } catch {
    return null
  }
}

/** The record as it came, bytes and all: whoever looks into it later needs what was sent, and not what we made of it. */
export async function toDeadLetters(
  producer: Producer,
  { topics }: Deps,
  message: KafkaMessage,
): Promise<void> {
  const { key, value, headers = {} } = message
  await producer.send({ topic: topics.deadLetters, messages: [{ key, value, headers }] })
}

const SERVICES: Record<Service, (deps: Deps) => Work> = {
  order({ stores }) {
    return async (event) => {
      const status = STATUS[event.type]
      if (status) await stores.order.set(`status:${event.orderId}`, status)
      return []
    }
  },

  inventory({ stores: { inventory } }) {
    return async (event) => {
      const { isbn, qty } = event.data
      // We are in the transaction of `once`: between this read and the writes below, no other member comes in.
      const copies = Number(await inventory.get(`stock:${isbn}`))
      if (event.type === 'OrderPlaced') {
        if (copies < qty) return [nextEvent(event, 'OrderRejected')]
        await inventory.set(`stock:${isbn}`, String(copies - qty))
        return [nextEvent(event, 'OrderConfirmed')]
      }
      if (event.type === 'PaymentDeclined') await inventory.set(`stock:${isbn}`, String(copies + qty))
      return []
    }
  },

  payment({ gateway }) {
    return async (event) => {
      if (event.type !== 'OrderConfirmed') return []
      // The gateway is in no transaction of ours. What it offers instead is a key: the same for an order in every attempt.
      const answer = await gateway.charge(event.orderId, event)
      return [nextEvent(event, answer === 'charged' ? 'PaymentReceived' : 'PaymentDeclined')]
    }
  },

  notification({ mailer }) {
    return async (event) => {
      if (!['PaymentReceived', 'PaymentDeclined', 'OrderRejected'].includes(event.type)) return []
      // A mail server knows no keys. Who dies between the mail and the mark sends it twice: better than never.
      await mailer.send({ userId: event.userId, orderId: event.orderId, about: event.type })
      return []
    }
  },

  analytics({ stores: { analytics } }) {
    return async (event) => {
      if (event.type !== 'PaymentReceived') return []
      const { isbn, qty } = event.data
      const sold = Number(await analytics.get(`sold:${isbn}`))
      await analytics.set(`sold:${isbn}`, String(sold + qty))
      return []
    }
  },
}
