import type { Producer, RetryOptions } from 'kafkajs'
import { type BookEvent, order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { encode, produceEvent } from './produce-event.ts'

interface OneEvent {
  event: BookEvent
}

/** Sends one event, and hands back what your code says about it. */
export async function oneOrder({
  kafka,
  topic,
  pauseAt,
  given = { event: order('ORD-1042') },
}: Stage<OneEvent>) {
  return withProducer(kafka.producer({ retry }), async (producer) => {
    const delivery = await produceEvent(producer, topic, given.event)
    await pauseAt('resolved', delivery)
    return delivery
  })
}

/** Uses your encode() alone, as a program with a send of its own would. */
export async function encodedOnly({ kafka, topic, given = { event: order('ORD-1042') } }: Stage<OneEvent>) {
  await withProducer(kafka.producer({ retry }), (producer) =>
    producer.send({ topic, messages: [encode(given.event)] }),
  )
}

/**
 * The partitioner of this producer picks a partition that the topic does not have. kafkajs finds no leader for it, asks
 * no broker, and `send` resolves with an empty list.
 */
export async function nobodyAsked({ kafka, topic, given = { event: order('ORD-1042') } }: Stage<OneEvent>) {
  const producer = kafka.producer({ retry, createPartitioner: () => () => 99 })
  return withProducer(producer, () => produceEvent(producer, topic, given.event))
}

/** Few and quick retries: a scene that plays with a failing broker should not take half a minute. */
const retry: RetryOptions = { initialRetryTime: 20, retries: 2 }

async function withProducer<T>(producer: Producer, work: (producer: Producer) => Promise<T>): Promise<T> {
  await producer.connect()
  try {
    return await work(producer)
  } finally {
    await producer.disconnect()
  }
}
