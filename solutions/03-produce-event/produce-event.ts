import type { Message, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

export function encode(event: BookEvent): Message {
  return {
    // The key picks the partition, and order holds inside a partition only: so the key is what must stay in order.
    key: event.orderId,
    value: JSON.stringify(event),
    // Said twice on purpose: a reader can skip, route or de-duplicate by header without parsing the value.
    headers: { 'event-type': event.type, 'event-id': event.eventId },
    // Left out, kafkajs would put in the time of the send.
    timestamp: Date.parse(event.occurredAt).toString(),
  }
}

export async function produceEvent(producer: Producer, topic: string, event: BookEvent): Promise<Delivery> {
  // acks -1 means "all", and is the default of kafkajs. It is written down because the promise below depends on it.
  const [answer] = await producer.send({ topic, acks: -1, messages: [encode(event)] })
  // One answer per partition; ours is one record, so the first offset of the batch is its offset. No answer means that
  // kafkajs asked no broker: the record is nowhere, although nothing was thrown.
  if (answer?.baseOffset === undefined) {
    throw new Error(`No broker stored event ${event.eventId} in ${topic}`)
  }
  return { topic, partition: answer.partition, offset: answer.baseOffset }
}
