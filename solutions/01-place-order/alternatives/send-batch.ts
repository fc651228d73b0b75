// Another right way: sendBatch, a chain of promises, and an event made with the bookstore's own helper.

import type { Kafka } from 'kafkajs'
import { type BookEvent, order } from '#bookstore'

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

export const placeOrder = (
  { orderId, userId, isbn, qty }: BookOrder,
  deps: OrderDeps,
): Promise<OrderReceipt> =>
  deps.services.inventory
    .inStock(isbn, qty)
    .then((enough) => {
      if (!enough) return
      const occurredAt = new Date().toISOString()
      return publish(deps, order(orderId, { userId, occurredAt, data: { isbn, qty, copies: qty } }))
    })
    .then((published) => ({ orderId, accepted: published !== undefined }))

function publish({ kafka, topic }: OrderDeps, event: BookEvent): Promise<BookEvent> {
  const producer = kafka.producer()
  const headers = { 'event-type': event.type }
  const message = { key: event.orderId, value: JSON.stringify(event), headers }
  return producer
    .connect()
    .then(() => producer.sendBatch({ topicMessages: [{ topic, messages: [message] }] }))
    .finally(() => producer.disconnect())
    .then(() => event)
}
