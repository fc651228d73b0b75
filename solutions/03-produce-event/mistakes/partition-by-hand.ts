// Wrong idea: what must stay in order goes to one partition, so the producer names that partition.

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
    partition: 0,
  }
}

export async function produceEvent(producer: Producer, topic: string, event: BookEvent): Promise<Delivery> {
  const [answer] = await producer.send({ topic, messages: [encode(event)] })
  if (answer?.baseOffset === undefined) throw new Error(`No broker stored ${event.eventId}`)
  return { topic, partition: answer.partition, offset: answer.baseOffset }
}
