// The wrong idea: for analytics, remembering in memory is good enough.

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

const counted = new Set<string>()

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

export async function publish(producer: Producer, { topics }: Deps, event: BookEvent): Promise<void> {
  await producer.send({
    topic: topics.orders,
    messages: [{ key: event.orderId, value: JSON.stringify(event) }],
  })
}

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
      if (service === 'analytics') {
        if (counted.has(event.eventId)) return
        await work(event)
        counted.add(event.eventId)
        return
      }
      for (const next of await once(deps.stores[service], event, work)) await publish(producer, deps, next)
    },
  })
}

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

function readEvent({ value }: KafkaMessage): BookEvent | null {
  try {
    return JSON.parse(String(value))
  } catch {
    return null
  }
}

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
      const answer = await gateway.charge(event.orderId, event)
      return [nextEvent(event, answer === 'charged' ? 'PaymentReceived' : 'PaymentDeclined')]
    }
  },

  notification({ mailer }) {
    return async (event) => {
      if (!['PaymentReceived', 'PaymentDeclined', 'OrderRejected'].includes(event.type)) return []
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
