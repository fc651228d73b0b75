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
  throw new Error('TODO encode: turn the event into a message')
}

/**
 * Sends one event to the topic, with acks=all. Resolves when the broker has stored the record, and says where;
 * rejects when no broker said so. The producer is connected; its owner disconnects it.
 */
export async function produceEvent(producer: Producer, topic: string, event: BookEvent): Promise<Delivery> {
  throw new Error('TODO produceEvent: send the message, and say where the broker stored it')
}
