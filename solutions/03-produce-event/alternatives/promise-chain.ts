// Another right way: no async, no await. A returned chain of promises carries both the answer and the error.

import type { Message, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

export const encode = (event: BookEvent): Message => ({
  key: event.orderId,
  value: JSON.stringify(event, null, 2),
  headers: { 'event-id': event.eventId, 'event-type': event.type, 'content-type': 'application/json' },
  timestamp: `${Date.parse(event.occurredAt)}`,
})

export const produceEvent = (producer: Producer, topic: string, event: BookEvent): Promise<Delivery> =>
  producer.send({ topic, messages: [encode(event)], acks: -1, timeout: 10_000 }).then(([answer]) => {
    if (answer?.baseOffset) return { topic, partition: answer.partition, offset: answer.baseOffset }
    return Promise.reject(new Error(`${topic} gave no offset to ${event.eventId}`))
  })
