// Wrong idea: the services are told by the event, and, to be on the safe side, by a call in the background.

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
  const { inventory, payment, notification } = services
  if (!(await inventory.inStock(order.isbn, order.qty))) {
    return { orderId: order.orderId, accepted: false }
  }
  const producer = kafka.producer()
  await producer.connect()
  try {
    const value = JSON.stringify(orderPlaced(order))
    await producer.send({ topic, messages: [{ key: order.orderId, value }] })
  } finally {
    await producer.disconnect()
  }
  const log = (error: unknown) => console.error('a service could not be reached', error)
  inventory.reserve(order).catch(log)
  payment.charge(order).catch(log)
  notification.sendMail(order).catch(log)
  return { orderId: order.orderId, accepted: true }
}
