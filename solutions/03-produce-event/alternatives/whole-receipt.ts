// Another right way: the receipt carries everything the broker said, and the message is put together from a list of pairs.

import type { Message, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

const utf8 = new TextEncoder()
const asBuffer = (text: string) => Buffer.from(utf8.encode(text).buffer)

export function encode(event: BookEvent): Message {
  const headers = Object.fromEntries([
    ['event-type', Buffer.from(event.type)],
    ['event-id', event.eventId],
    ['producer', 'order-service'],
  ])
  const sorted = Object.fromEntries(Object.entries(event).sort(([a], [b]) => a.localeCompare(b)))
  const { occurredAt } = event
  return {
    headers,
    key: asBuffer(event.orderId),
    value: asBuffer(JSON.stringify(sorted)),
    timestamp: `${+new Date(occurredAt)}`,
  }
}

class Receipt implements Delivery {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly acknowledgedAt = new Date()

  constructor(topic: string, partition: number, offset: string) {
    this.topic = topic
    this.partition = partition
    this.offset = offset
  }
}

export async function produceEvent(producer: Producer, topic: string, event: BookEvent): Promise<Delivery> {
  const answers = await producer.send({ topic, messages: [encode(event)] })
  for (const { topicName, partition, baseOffset, errorCode } of answers) {
    if (errorCode === 0 && baseOffset !== undefined) return new Receipt(topicName, partition, baseOffset)
  }
  throw 'no receipt'
}
