// Another right way: a transaction around one event, and a receipt with accepted: false when the broker refuses.

import type { Kafka } from 'kafkajs'
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

export async function placeOrder(
  order: BookOrder,
  { kafka, topic, services }: OrderDeps,
): Promise<OrderReceipt> {
  const { orderId } = order
  const refused = { orderId, accepted: false }
  const enough = await services.inventory.inStock(order.isbn, order.qty)
  if (!enough) return refused

  const producer = kafka.producer({
    transactionalId: `${topic}-place-order`,
    maxInFlightRequests: 1,
    idempotent: true,
  })
  await producer.connect()
  try {
    const transaction = await producer.transaction()
    try {
      // No key: order among the events of one order is not asked for here.
      await transaction.send({ topic, messages: [{ value: JSON.stringify(orderPlaced(order), null, 2) }] })
      await transaction.commit()
    } catch {
      await transaction.abort()
      return refused
    }
  } finally {
    await producer.disconnect()
  }
  return { orderId, accepted: true }
}
