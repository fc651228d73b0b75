// Another right way: one producer for all orders, connected at the first one and kept, as a service would do it.

import type { Kafka, Producer } from 'kafkajs'
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

const producers = new WeakMap<Kafka, Promise<Producer>>()

function connectedProducer(kafka: Kafka): Promise<Producer> {
  const known = producers.get(kafka)
  if (known) return known
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  const connecting = producer.connect().then(() => producer)
  // A connection that failed is not worth keeping.
  connecting.catch(() => producers.delete(kafka))
  producers.set(kafka, connecting)
  return connecting
}

export async function placeOrder(order: BookOrder, deps: OrderDeps): Promise<OrderReceipt> {
  const { inStock } = deps.services.inventory
  // Both take a moment and do not need each other.
  const [enough, producer] = await Promise.all([
    inStock(order.isbn, order.qty),
    connectedProducer(deps.kafka),
  ])
  if (enough) {
    const event = orderPlaced(order)
    await producer.send({
      topic: deps.topic,
      acks: -1,
      messages: [{ key: event.orderId, value: Buffer.from(JSON.stringify(event)) }],
    })
  }
  return { orderId: order.orderId, accepted: enough }
}
