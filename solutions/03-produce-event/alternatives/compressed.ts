// Another way: a compressed batch of one record, and acks left to the default of kafkajs, which is all.

import type { Message, Producer, RecordMetadata } from 'kafkajs'
import { CompressionTypes } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

/** Readable JSON: the spaces cost nothing once they are compressed. */
const json = (event: BookEvent): string => JSON.stringify(event, undefined, 2)

/** Turns an event into a message for kafkajs; one more header may have several values. */
export const encode = (event: BookEvent): Message => {
  const { orderId: key, type, eventId, userId, occurredAt } = event
  return {
    timestamp: `${Date.parse(occurredAt)}`,
    headers: {
      'event-id': eventId,
      'event-type': type,
      concerns: [userId, event.data.isbn],
      'produced-by': 'order-service',
    },
    value: json(event),
    key,
  }
}

/** There is one record, so there is one answer, and it names the record. */
const delivery =
  (topic: string) =>
  (answers: RecordMetadata[]): Delivery => {
    const [answer, ...others] = answers
    const offset = answer?.baseOffset ?? answer?.offset
    if (answer === undefined || offset === undefined || others.length > 0) {
      throw new Error(`expected the answer of one partition of ${topic}, got ${JSON.stringify(answers)}`)
    }
    return { topic, partition: answer.partition, offset }
  }

export const produceEvent = (producer: Producer, topic: string, event: BookEvent): Promise<Delivery> =>
  Promise.resolve(event)
    .then(encode) // inside the chain: what cannot be encoded rejects, and does not throw
    .then((message) => producer.send({ topic, messages: [message], compression: CompressionTypes.GZIP }))
    .then(delivery(topic))
