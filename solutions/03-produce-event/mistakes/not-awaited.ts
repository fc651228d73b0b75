// Wrong idea: send() puts the record into the topic at once, so there is nothing to wait for.

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

let sent = 0

export async function produceEvent(producer: Producer, topic: string, event: BookEvent): Promise<Delivery> {
  producer.send({ topic, messages: [encode(event)] }).catch((error) => console.error('send failed', error))
  return { topic, partition: 0, offset: String(sent++) }
}
