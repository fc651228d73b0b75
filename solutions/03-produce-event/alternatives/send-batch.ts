// Another right way: bytes made by hand, and sendBatch, which can write to several topics in one call.

import type { Message, Producer, RecordMetadata } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

const bytes = (text: string) => Buffer.from(text, 'utf8')

export function encode(event: BookEvent): Message {
  return {
    key: bytes(event.orderId),
    value: bytes(JSON.stringify(event)),
    headers: { 'event-type': bytes(event.type), 'event-id': bytes(event.eventId) },
    timestamp: String(new Date(event.occurredAt).getTime()),
  }
}

// acks is left out: kafkajs sends -1, "all", by itself.
export async function produceEvent(producer: Producer, topic: string, event: BookEvent): Promise<Delivery> {
  const answers = await producer.sendBatch({ topicMessages: [{ topic, messages: [encode(event)] }] })
  return receipt(answers, topic)
}

/** The only answer about the topic. An empty list has none, and `find` then has nothing to give. */
function receipt(answers: RecordMetadata[], topic: string): Delivery {
  const stored = answers.find((answer) => answer.topicName === topic && answer.errorCode === 0)
  if (!stored?.baseOffset) throw new Error(`${topic} has no offset for this record`)
  return { topic: stored.topicName, partition: stored.partition, offset: stored.baseOffset }
}
