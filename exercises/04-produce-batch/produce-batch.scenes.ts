import type { Producer, ProducerConfig } from 'kafkajs'
import { order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { produceEventsBatch } from './produce-batch.ts'

interface Work {
  events: unknown[]
  size?: number
}

/** Ten events of three orders, four with each send. How many requests are that, and what do the answers say? */
export async function tenEvents({ kafka, topic }: Stage) {
  return withProducer(kafka.producer({ retry }), (producer) =>
    produceEventsBatch(producer, topic, tenOf(['ORD-001', 'ORD-002', 'ORD-004']), 4),
  )
}

/** Without your code: ten events of one order, ten sends, none of them awaited before the next. Look at the offsets. */
export async function tenSendsAtOnce({ kafka, topic }: Stage) {
  return withProducer(kafka.producer({ retry }), async (producer) => {
    const messages = tenOf(['ORD-001']).map((event) => ({ key: event.orderId, value: event.eventId }))
    await Promise.all(messages.map((message) => producer.send({ topic, messages: [message] })))
  })
}

/** Sends what the check wants to be sent. */
export async function produce({ kafka, topic, pauseAt, given }: Stage<Work>) {
  const { events, size } = given ?? { events: [...tenOf(['ORD-001']), 'not an event'], size: 5 }
  return withProducer(kafka.producer({ retry }), async (producer) => {
    const report = await produceEventsBatch(producer, topic, events, size)
    await pauseAt('resolved')
    return report
  })
}

/**
 * The partitioner of this producer picks a partition that the topic does not have. kafkajs finds no leader for it, asks
 * no broker, and `send` resolves with an empty list.
 */
export async function nobodyAsked({ kafka, topic, given }: Stage<Work>) {
  const { events, size } = given ?? { events: tenOf(['ORD-001']) }
  const producer = kafka.producer({ retry, createPartitioner: () => () => 99 })
  return withProducer(producer, () => produceEventsBatch(producer, topic, events, size))
}

/** Ten events, dealt out to the orders in turn. */
function tenOf(orderIds: string[]) {
  return Array.from({ length: 10 }, (_, index) =>
    order(orderIds[index % orderIds.length] as string, { eventId: `EVT-${index}` }),
  )
}

/** Few and quick retries: a scene that plays with a failing broker should not take half a minute. */
const retry: ProducerConfig['retry'] = { initialRetryTime: 20, retries: 2 }

async function withProducer<T>(producer: Producer, work: (producer: Producer) => Promise<T>): Promise<T> {
  await producer.connect()
  try {
    return await work(producer)
  } finally {
    await producer.disconnect()
  }
}
