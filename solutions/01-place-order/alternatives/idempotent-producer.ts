// Another way: an idempotent producer, a record without a key, and a chain of promises.

import type { Kafka, ProducerConfig, RecordMetadata } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface BookOrder {
  orderId: string
  userId: string
  isbn: string
  qty: number
}

export interface OrderReceipt {
  orderId: string
  accepted: boolean
}

export interface DirectCalls {
  inventory: {
    inStock(isbn: string, qty: number): Promise<boolean>
    reserve(order: BookOrder): Promise<void>
    release(order: BookOrder): Promise<void>
  }
  payment: {
    charge(order: BookOrder): Promise<void>
    refund(order: BookOrder): Promise<void>
  }
  notification: {
    sendMail(order: BookOrder): Promise<void>
  }
}

export interface OrderDeps {
  kafka: Kafka
  topic: string
  services: DirectCalls
}

export function orderPlaced({ orderId, userId, isbn, qty }: BookOrder): BookEvent {
  return {
    eventId: `EVT-${orderId}-OrderPlaced`,
    type: 'OrderPlaced',
    orderId,
    userId,
    occurredAt: new Date().toISOString(),
    data: { isbn, qty },
  }
}

/** Idempotent: should an answer get lost, the attempts of kafkajs itself leave one record. It must not try for ever, though. */
const CAREFUL: ProducerConfig = { idempotent: true, maxInFlightRequests: 1, retry: { retries: 3 } }

function stored(answers: RecordMetadata[]): void {
  if (answers.length !== 1) throw new Error(`expected one answer of a broker, got ${answers.length}`)
}

/** A producer for one event: connect, send, and disconnect, whatever happens. The record needs no key. */
function publish(kafka: Kafka, topic: string, event: BookEvent): Promise<void> {
  const producer = kafka.producer(CAREFUL)
  return producer
    .connect()
    .then(() =>
      producer.send({
        topic,
        messages: [
          {
            value: JSON.stringify(event, null, 2),
            headers: { 'event-type': event.type, 'content-type': 'application/json' },
            timestamp: Date.parse(event.occurredAt).toString(),
          },
        ],
      }),
    )
    .then(stored)
    .finally(() => producer.disconnect().catch(() => undefined)) // a bad goodbye takes no record back
}

export const placeOrder = (
  order: BookOrder,
  { kafka, topic, services }: OrderDeps,
): Promise<OrderReceipt> => {
  const { orderId, isbn, qty } = order
  const receipt = (accepted: boolean): OrderReceipt => ({ orderId, accepted })
  return services.inventory
    .inStock(isbn, qty)
    .then((enough) =>
      enough ? publish(kafka, topic, orderPlaced(order)).then(() => receipt(true)) : receipt(false),
    )
}
