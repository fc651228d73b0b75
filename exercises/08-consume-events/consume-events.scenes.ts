import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, Kafka } from 'kafkajs'
import { type BookEvent, order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { consumeEvents, type Delivery } from './consume-events.ts'

interface Consumption {
  max: number
  /** After so many milliseconds without a heartbeat, the coordinator takes a member for dead. */
  sessionTimeout?: number
}

/** The same group twice, with your code: what does the second run still find? */
export async function twice({ kafka, topic, group }: Stage) {
  await sendOrders(kafka, topic)
  const run = () =>
    withConsumer(kafka, group, async (consumer) => {
      stopWhenQuiet(consumer)
      return consumeEvents(consumer, topic, print, Number.POSITIVE_INFINITY)
    })
  console.log('first run')
  const first = await run()
  console.log('second run')
  const second = await run()
  return { first, second }
}

/** kafkajs left to itself, without your code: look for OffsetCommit on the wire. When does it come, and how often? */
export async function automaticCommit({ kafka, topic, group }: Stage) {
  await sendOrders(kafka, topic)
  return withConsumer(kafka, group, async (consumer) => {
    const quiet = stopWhenQuiet(consumer)
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      eachMessage: ({ partition, message: { offset, value } }) =>
        print(JSON.parse(String(value)), { topic, partition, offset }),
    })
    await quiet.stopped
  })
}

/** Handles some events. The checks hold this scene inside the handler, let the handler fail, or kill the process. */
export async function consume({ kafka, topic, group, pauseAt, given }: Stage<Consumption>) {
  if (!given) await sendOrders(kafka, topic)
  const { max, sessionTimeout } = given ?? { max: 3 }
  const handled: { event: BookEvent; at: Delivery }[] = []
  let atWork = 0
  const handle = async (event: BookEvent, at: Delivery) => {
    handled.push({ event, at })
    atWork += 1
    try {
      await pauseAt('handling', at)
    } finally {
      atWork -= 1
    }
  }
  const work = async (consumer: Consumer) => {
    const quiet = stopWhenQuiet(consumer, () => atWork > 0)
    const report = await consumeEvents(consumer, topic, handle, max)
    const result = { handled: [...handled], report, quiet: quiet.seen }
    await pauseAt('returned')
    return result
  }
  return withConsumer(kafka, group, work, sessionTimeout)
}

/** The first handler works until another one starts; when none does, a third of a second. */
export async function slowHandler({ kafka, topic, group, given }: Stage<Consumption>) {
  if (!given) await sendOrders(kafka, topic)
  let anotherStarts = () => {}
  const another = new Promise<void>((resolve) => {
    anotherStarts = resolve
  })
  let started = 0
  let finished = 0
  let mostAtOnce = 0
  const handle = async () => {
    started += 1
    mostAtOnce = Math.max(mostAtOnce, started - finished)
    if (started === 1) await Promise.race([another, sleep(333)])
    else anotherStarts()
    finished += 1
  }
  return withConsumer(kafka, group, async (consumer) => {
    stopWhenQuiet(consumer, () => started > finished)
    await consumeEvents(consumer, topic, handle, given?.max ?? 3)
    return { mostAtOnce, finished }
  })
}

/** Somebody else stops the consumer while the second event is at work. */
export async function stoppedAtWork({ kafka, topic, group, given }: Stage<Consumption>) {
  if (!given) await sendOrders(kafka, topic)
  return withConsumer(kafka, group, (consumer) => {
    let started = 0
    const handle = async () => {
      started += 1
      // Not awaited: it waits for the function that is at work.
      if (started === 2) void consumer.stop()
    }
    return consumeEvents(consumer, topic, handle, given?.max ?? 5)
  })
}

async function print(event: BookEvent, { partition, offset }: Delivery) {
  console.log(`partition ${partition}  offset ${offset}  ${event.type} ${event.orderId}`)
}

async function withConsumer<T>(
  kafka: Kafka,
  groupId: string,
  work: (consumer: Consumer) => Promise<T>,
  sessionTimeout = 10_000,
): Promise<T> {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout,
    heartbeatInterval: sessionTimeout / 5,
    rebalanceTimeout: 5_000,
    // How long the broker may hold an empty fetch. kafkajs cannot leave a group while it waits for one.
    maxWaitTimeInMs: 100,
    retry: { initialRetryTime: 50, retries: 3 },
  })
  await consumer.connect()
  try {
    return await work(consumer)
  } finally {
    await consumer.disconnect()
  }
}

/** Stops the consumer from outside once four fetches in a row have brought nothing, and no handler is at work. */
function stopWhenQuiet(consumer: Consumer, atWork = () => false) {
  const { START_BATCH_PROCESS, FETCH, STOP } = consumer.events
  const quiet = { seen: false, stopped: new Promise<void>((resolve) => consumer.on(STOP, () => resolve())) }
  let emptyFetches = 0
  // kafkajs tells of a fetch first, and of the batches in it right after.
  consumer.on(START_BATCH_PROCESS, () => {
    emptyFetches = 0
  })
  consumer.on(FETCH, () => {
    emptyFetches = atWork() ? 0 : emptyFetches + 1
    if (emptyFetches < 4) return
    quiet.seen = true
    void consumer.stop()
  })
  return quiet
}

async function sendOrders(kafka: Kafka, topic: string) {
  const events = ['ORD-001', 'ORD-002', 'ORD-003', 'ORD-004', 'ORD-005'].map((id) => order(id))
  const producer = kafka.producer()
  await producer.connect()
  try {
    await producer.send({
      topic,
      messages: events.map((event) => ({ key: event.orderId, value: JSON.stringify(event) })),
    })
  } finally {
    await producer.disconnect()
  }
}
