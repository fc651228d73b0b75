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
  const { orderId, isbn, qty } = order
  // The customer stands at the counter: without an answer there is nothing to tell them. So this one stays a call, and it
  // comes first, because an event says what has happened and cannot be taken back.
  if (!(await services.inventory.inStock(isbn, qty))) return { orderId, accepted: false }

  // A service that takes many orders would connect one producer at its start and keep it. Here nobody else could close it.
  const producer = kafka.producer()
  await producer.connect()
  try {
    // Awaited: the receipt promises that the order will be seen to, and this rests on the event being stored. When the
    // broker refuses, the error goes to our caller, and there is no receipt.
    await producer.send({ topic, messages: [{ key: orderId, value: JSON.stringify(orderPlaced(order)) }] })
  } finally {
    await producer.disconnect()
  }
  // Reservation, payment and mail are not mentioned. Who reads the event is not this function's business.
  return { orderId, accepted: true }
}
