// Wrong idea: a mail is not important, so when it cannot be sent, the order just goes on.

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

export async function placeOrder(order: BookOrder, { services }: OrderDeps): Promise<OrderReceipt> {
  const { inventory, payment, notification } = services
  if (!(await inventory.inStock(order.isbn, order.qty))) {
    return { orderId: order.orderId, accepted: false }
  }
  await inventory.reserve(order)
  try {
    await payment.charge(order)
  } catch (error) {
    await inventory.release(order)
    throw error
  }
  try {
    await notification.sendMail(order)
  } catch (error) {
    console.error('no mail was sent', error)
  }
  return { orderId: order.orderId, accepted: true }
}
