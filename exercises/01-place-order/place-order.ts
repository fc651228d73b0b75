import type { Kafka } from 'kafkajs'
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

/** Takes an order, or refuses it when there are too few copies. Rejects when it could do neither. */
export async function placeOrder(order: BookOrder, { services }: OrderDeps): Promise<OrderReceipt> {
  const { inventory, payment, notification } = services
  if (!(await inventory.inStock(order.isbn, order.qty))) {
    return { orderId: order.orderId, accepted: false }
  }
  const undo: (() => Promise<void>)[] = []
  try {
    await inventory.reserve(order)
    undo.unshift(() => inventory.release(order))
    await payment.charge(order)
    undo.unshift(() => payment.refund(order))
    await notification.sendMail(order)
  } catch (error) {
    // Somebody could not be reached: take everything back.
    for (const step of undo) await step()
    throw error
  }
  return { orderId: order.orderId, accepted: true }
}
