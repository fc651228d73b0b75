import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, IHeaders, Kafka, Message, Producer } from 'kafkajs'
import { type BookEvent, order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { consumeWithRetry, type Handler, type RetryConfig } from './retry.ts'

/** How an event fails: with which error, and how often. */
interface Failure {
  error?: 'Error' | 'TypeError' | 'retriable: false' | 'text'
  /** Default: every time. */
  times?: number
}

interface Shift {
  /** Partition and offset of what fails: `{ '0:1': { times: 2 } }`. */
  fails?: Record<string, Failure>
  config?: Partial<RetryConfig>
  /** Milliseconds. */
  sessionTimeout?: number
  /** Records to send to partition 0 first. */
  records?: { key: Buffer | null; value: Buffer; headers: IHeaders }[]
}

const FAILURE = 'no such book'

/** Three orders in one partition. The second one is for a book that nobody has heard of. Does the third one get its turn? */
export async function poisonRecord(stage: Stage) {
  const values = ['ORD-001', 'ORD-002', 'ORD-003'].map((id) => JSON.stringify(order(id)))
  return printed(stage, values, async ({ orderId }) => {
    if (orderId === 'ORD-002') throw new Error(FAILURE)
  })
}

/** The same with a second record that is not JSON. */
export async function unreadableRecord(stage: Stage) {
  const values = [JSON.stringify(order('ORD-001')), 'order 002, two books', JSON.stringify(order('ORD-003'))]
  return printed(stage, values, async () => {})
}

/** One service on its shift. The checks hold it while it handles an event, and say when the shop closes. */
export async function work({ kafka, topic, group, pauseAt, given }: Stage<Shift>) {
  const { fails = {}, config, sessionTimeout, records = [] } = given ?? { fails: { '0:0': {} } }
  if (!given) await openTopics(kafka, topic, [JSON.stringify(order('ORD-001'))])
  const calls: { at: string; event: BookEvent; from: number; to: number }[] = []
  const handle: Handler = async (event, { partition, offset }) => {
    const at = `${partition}:${offset}`
    const call = { at, event, from: performance.now(), to: 0 }
    calls.push(call)
    await pauseAt('handling', at)
    const { error, times = Number.POSITIVE_INFINITY } = fails[at] ?? { times: 0 }
    call.to = performance.now()
    if (calls.filter((one) => one.at === at).length <= times) throw failure(error)
  }
  const clients = { kafka, group, ...(sessionTimeout !== undefined && { sessionTimeout }) }
  return withClients(clients, async (consumer, producer) => {
    const { CRASH, GROUP_JOIN } = consumer.events
    consumer.on(GROUP_JOIN, () => void pauseAt('joined'))
    consumer.on(CRASH, ({ payload: { restart, error } }) => {
      if (!restart) void pauseAt('stopped for good', error.message)
    })
    const messages = records.map((record) => ({ ...record, partition: 0 }))
    if (messages.length > 0) await producer.send({ topic, messages })
    const closing = new AbortController()
    const working = given ? pauseAt('working') : sleep(3_000)
    void working.then(() => closing.abort())
    const report = await consumeWithRetry(
      consumer,
      producer,
      { ...settings(topic, closing.signal), ...config },
      handle,
    )
    return { report, calls }
  })
}

function settings(topic: string, signal: AbortSignal): RetryConfig {
  return {
    topic,
    deadLetterTopic: `${topic}-dead-letters`,
    attempts: 3,
    initialDelayMs: 5,
    maxDelayMs: 20,
    heartbeatMs: 100,
    signal,
  }
}

function failure(error: Failure['error']): unknown {
  if (error === 'text') return FAILURE
  if (error === 'TypeError') return new TypeError(FAILURE)
  return error === 'retriable: false'
    ? Object.assign(new Error(FAILURE), { retriable: false })
    : new Error(FAILURE)
}

/** Runs your code on some values of one partition and prints what happens, until the last one is handled or enough was seen. */
async function printed({ kafka, topic, group }: Stage, values: string[], handle: Handler) {
  await openTopics(kafka, topic, values)
  return withClients({ kafka, group }, async (consumer, producer) => {
    const closing = new AbortController()
    let calls = 0
    consumer.on(consumer.events.CRASH, ({ payload: { restart, error } }) => {
      console.log(`CRASH  restart: ${restart}  ${error.message}`)
      if (!restart) closing.abort()
    })
    const printing: Handler = async (event, at) => {
      calls += 1
      const ended = await handle(event, at).then(
        () => 'done',
        (error: Error) => error,
      )
      console.log(`offset ${at.offset}  ${event.orderId}  ${ended}`)
      if (at.offset === String(values.length - 1) || calls > 10) closing.abort()
      if (ended instanceof Error) throw ended
    }
    return consumeWithRetry(consumer, producer, settings(topic, closing.signal), printing)
  })
}

/** Creates the dead-letter topic, and sends the values to partition 0. */
async function openTopics(kafka: Kafka, topic: string, values: string[]) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    await admin.createTopics({ topics: [{ topic: `${topic}-dead-letters`, numPartitions: 1 }] })
  } finally {
    await admin.disconnect()
  }
  const producer = kafka.producer()
  await producer.connect()
  try {
    const messages: Message[] = values.map((value) => ({ partition: 0, value }))
    await producer.send({ topic, messages })
  } finally {
    await producer.disconnect()
  }
}

async function withClients<T>(
  { kafka, group, sessionTimeout = 10_000 }: { kafka: Kafka; group: string; sessionTimeout?: number },
  work: (consumer: Consumer, producer: Producer) => Promise<T>,
): Promise<T> {
  // Less patience than by default, so that nobody has to watch for minutes.
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout,
    heartbeatInterval: 100,
    // How long the group waits for a member that is at work when somebody joins.
    rebalanceTimeout: 20_000,
    // How long the broker may hold an empty fetch. kafkajs neither hears of a rebalance nor leaves while it waits.
    maxWaitTimeInMs: 100,
    retry: { initialRetryTime: 50, retries: 3 },
  })
  const producer = kafka.producer({ retry: { initialRetryTime: 50, retries: 2 } })
  await consumer.connect()
  await producer.connect()
  try {
    return await work(consumer, producer)
  } finally {
    await Promise.all([consumer.disconnect(), producer.disconnect()])
  }
}
