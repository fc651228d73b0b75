// Written from the page alone. First verdict: failed, mistake empty-answer.
// Wrong: takes a resolved send() for a stored record. When kafkajs has found no leader, the list of answers is empty: nobody
// has stored anything, and this answer makes up a partition and an offset instead of rejecting.
import type { Message, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** Where the broker stored a record: the receipt of a send. */
export interface Delivery {
  topic: string
  partition: number
  /** Decimal text, as everywhere in kafkajs: offsets have 64 bits, a number in JavaScript has 53. */
  offset: string
}

/**
 * Turns an event into a message for kafkajs: the order's id is the key, the whole event as JSON is the value,
 * `event-type` and `event-id` are headers, and the timestamp is the moment when the event occurred.
 */
export function encode(event: BookEvent): Message {
  return {
    key: event.orderId,
    value: JSON.stringify(event),
    headers: { 'event-type': event.type, 'event-id': event.eventId },
    timestamp: String(Date.parse(event.occurredAt)),
  }
}

/** Sends one event to the topic, with acks=all, and says where the broker stored it. */
export async function produceEvent(producer: Producer, topic: string, event: BookEvent): Promise<Delivery> {
  // send() rejects when anything went wrong, so from here on the record is stored.
  const [metadata] = await producer.send({ topic, acks: -1, messages: [encode(event)] })
  return {
    topic: metadata?.topicName ?? topic,
    partition: metadata?.partition ?? 0,
    offset: metadata?.baseOffset ?? '0',
  }
}
