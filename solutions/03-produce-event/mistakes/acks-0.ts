// Wrong idea: sending is enough, and waiting for an answer only costs time.

import type { Message, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

export function encode(event: BookEvent): Message {
  return {
    key: event.orderId,
    value: JSON.stringify(event),
    headers: { 'event-type': event.type, 'event-id': event.eventId },
    timestamp: Date.parse(event.occurredAt).toString(),
  }
}

export async function produceEvent(producer: Producer, topic: string, event: BookEvent): Promise<Delivery> {
  const [answer] = await producer.send({ topic, acks: 0, messages: [encode(event)] })
  return { topic, partition: answer?.partition ?? 0, offset: answer?.baseOffset ?? '0' }
}
