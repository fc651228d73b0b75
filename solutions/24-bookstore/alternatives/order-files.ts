// Another way: one row for each order that holds all that a service knows of it, commits by hand, partitions side by side.

import type { Consumer, ConsumerConfig, Kafka } from 'kafkajs'
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

/** All that a service knows of an order: which events it has dealt with, and what it answered to each. */
type File = Record<string, string[]>

const STATUS: Record<string, string> = {
  OrderPlaced: 'PLACED',
  OrderConfirmed: 'CONFIRMED',
  OrderRejected: 'REJECTED',
  PaymentReceived: 'PAID',
  PaymentDeclined: 'CANCELLED',
  OrderShipped: 'SHIPPED',
  OrderDelivered: 'DELIVERED',
}

/** Does the work of a service for one event, and says which types of event follow from it. */
async function react(service: Service, event: BookEvent, deps: Deps): Promise<string[]> {
  const { orderId, userId, data } = event
  const store = deps.stores[service]
  const change = async (row: string, by: number) => {
    await store.set(row, String(Number(await store.get(row)) + by))
  }
  switch (`${service} ${event.type}`) {
    case 'inventory OrderPlaced':
      if (Number(await store.get(`stock:${data.isbn}`)) < data.qty) return ['OrderRejected']
      await change(`stock:${data.isbn}`, -data.qty)
      return ['OrderConfirmed']
    case 'inventory PaymentDeclined':
      await change(`stock:${data.isbn}`, data.qty)
      return []
    case 'payment OrderConfirmed':
      return (await deps.gateway.charge(`charge-${orderId}-${userId}`, event)) === 'charged'
        ? ['PaymentReceived']
        : ['PaymentDeclined']
    case 'notification OrderRejected':
    case 'notification PaymentReceived':
    case 'notification PaymentDeclined':
      await deps.mailer.send({ userId, orderId, about: event.type })
      return []
    case 'analytics PaymentReceived':
      await change(`sold:${data.isbn}`, data.qty)
      return []
  }
  if (service === 'order' && event.type in STATUS) {
    await store.set(`status:${orderId}`, STATUS[event.type] as string)
  }
  return []
}

export async function startBookstore(kafka: Kafka, deps: Deps): Promise<Bookstore> {
  const { topics, stores } = deps
  const producer = kafka.producer()
  await producer.connect()
  const publish = (event: BookEvent) =>
    producer
      .send({
        topic: topics.orders,
        acks: -1,
        messages: [
          {
            key: event.orderId,
            value: JSON.stringify(event),
            headers: { 'event-type': event.type, 'event-id': event.eventId },
            timestamp: String(Date.parse(event.occurredAt)),
          },
        ],
      })
      .then(() => undefined)

  const answersTo = (service: Service, event: BookEvent) =>
    stores[service].transaction(async () => {
      const row = `file:${event.orderId}`
      const file: File = JSON.parse((await stores[service].get(row)) ?? '{}')
      let answers = file[event.eventId]
      if (!answers) {
        answers = await react(service, event, deps)
        file[event.eventId] = answers
        await stores[service].set(row, JSON.stringify(file))
      }
      return answers
    })

  const open = (service: Service): Promise<Consumer> => {
    const consumer = kafka.consumer(deps.consumer(service))
    return consumer
      .connect()
      .then(() => consumer.subscribe({ topics: [topics.orders], fromBeginning: true }))
      .then(() =>
        consumer.run({
          autoCommit: false,
          partitionsConsumedConcurrently: 4,
          eachMessage: async ({ topic, partition, message }) => {
            const event = eventIn(message.value)
            if (event instanceof Error) {
              const { key, value } = message
              const headers = { service, error: event.message }
              await producer.send({ topic: topics.deadLetters, messages: [{ key, value, headers }] })
            } else {
              for (const type of await answersTo(service, event)) {
                const eventId = `EVT-${event.orderId}-${type}`
                await publish({ ...event, type, eventId, occurredAt: new Date().toISOString() })
              }
            }
            const offset = (BigInt(message.offset) + 1n).toString()
            await consumer.commitOffsets([{ topic, partition, offset }])
          },
        }),
      )
      .then(() => consumer)
  }

  const running: Partial<Record<Service, Promise<Consumer>>> = {}
  const stop = async (service: Service) => {
    const consumer = await running[service]
    delete running[service]
    await consumer?.stop()
    await consumer?.disconnect()
  }
  return {
    publish,
    start: async (service) => {
      running[service] = open(service)
      await running[service]
    },
    stop,
    close: () => Promise.all((Object.keys(running) as Service[]).map(stop)).then(() => producer.disconnect()),
  }
}

function eventIn(value: Buffer | null): BookEvent | Error {
  try {
    const event: unknown = JSON.parse(String(value))
    return isEvent(event) ? event : new Error('This is JSON, and no event')
  } catch (error) {
    return error as Error
  }
}

function isEvent(value: unknown): value is BookEvent {
  return typeof value === 'object' && value !== null && 'type' in value && 'orderId' in value
}
