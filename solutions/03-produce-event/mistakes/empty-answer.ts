// Wrong idea: a send that does not throw has worked; an answer without details needs a default.

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
  const answers = await producer.send({ topic, messages: [encode(event)] })
  const partition = answers[0]?.partition ?? 0
  const offset = answers[0]?.baseOffset ?? '0'
  return { topic, partition, offset }
}
