// Another right way: a hand-made promise, in which nobody destructures anything that may be missing: a TypeError does it.

import type { Message, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export type Delivery = { topic: string; partition: number; offset: string }

const HEADERS = { 'event-type': 'type', 'event-id': 'eventId' } as const

export function encode(event: BookEvent): Message {
  const message: Message = { key: event.orderId, value: Buffer.from(JSON.stringify(event)), headers: {} }
  for (const [header, field] of Object.entries(HEADERS)) {
    message.headers = { ...message.headers, [header]: event[field as 'type' | 'eventId'] }
  }
  message.timestamp = BigInt(Date.parse(event.occurredAt)).toString()
  return message
}

export function produceEvent(producer: Producer, topic: string, event: BookEvent): Promise<Delivery> {
  return new Promise((resolve, reject) => {
    const topicMessages = [{ topic, messages: [encode(event)] }]
    producer
      .sendBatch({ acks: -1, topicMessages })
      .then((answers) => {
        const answer = answers.pop() as (typeof answers)[number]
        resolve({ topic, partition: answer.partition, offset: `${answer.baseOffset}` })
      }, reject)
      .catch(reject)
  })
}
