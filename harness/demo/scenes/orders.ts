import type { Message } from 'kafkajs'
import { order } from '#bookstore'

/** Events of these orders as messages, keyed by the order. */
export function messagesOf(orderIds: readonly string[], type = 'OrderPlaced'): Message[] {
  return orderIds.map((orderId) => ({ key: orderId, value: JSON.stringify(order(orderId, { type })) }))
}

/** The ids of so many orders, `ORD-001` first. With three partitions the first nine go to all three of them. */
export function orderIds(count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, index) => `ORD-${String(first + index).padStart(3, '0')}`)
}

/** The name of a service's consumer group, fresh for each run as the topic is. */
export function groupOf(topic: string, service: string): string {
  return topic.replace('book-orders', `${service}-service-group`)
}
