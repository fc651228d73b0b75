import type { Consumer, EachBatchHandler, EachMessageHandler, Kafka, Producer, Transaction } from 'kafkajs'
import { type BookEvent, order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { transferExactlyOnce } from './exactly-once.ts'

const ORDERS = ['ORD-001', 'ORD-002', 'ORD-003', 'ORD-004', 'ORD-005']

interface Run {
  max: number
  /** Milliseconds; 6,000 is the least that a broker takes as it comes. */
  sessionTimeout?: number
  /** The order for which no invoice can be made. */
  failing?: string
  /** Letters in place of `ORD` in the ids of invoices: they are numbered by themselves. */
  series?: string
}

/** One process of the service is killed before its second commit, another goes on. What do the two kinds of readers see? */
export async function crashAndRestart({ kafka, topic, spawn }: Stage) {
  await openShop(kafka, topic)
  const first = spawn('transfer', { max: ORDERS.length })
  await first.paused('committing', 2)
  await first.kill()
  console.log('killed before its second commit')
  const seen = await show(spawn)
  const left = ORDERS.length - seen.committed.length
  await spawn('transfer', { max: left }).ended()
  console.log('the next process has ended')
  await show(spawn)
  console.log(`  end offsets       ${(await endOffsets(kafka, invoicesOf(topic))).join(' + ')}`)
}

/** The invoice service, which is your code. The checks hold it, kill it, or let the work for an order fail. */
export async function transfer({ kafka, topic, group, transactionalId, pauseAt, given }: Stage<Run>) {
  if (!given) await openShop(kafka, topic)
  const { max, sessionTimeout = 6_000, failing, series = 'ORD' } = given ?? { max: ORDERS.length }
  const config = {
    from: topic,
    to: invoicesOf(topic),
    transactionalId,
    consumer: {
      groupId: group,
      sessionTimeout,
      heartbeatInterval: 300,
      // How long the group waits for a member that is at work when somebody joins.
      rebalanceTimeout: 3_000,
      // How long the broker may hold an empty fetch. kafkajs cannot leave a group while it waits for one.
      maxWaitTimeInMs: 100,
      retry: { initialRetryTime: 50, retries: 3 },
    },
    max,
  }
  const invoice = (event: BookEvent) => {
    if (event.orderId === failing) throw new Error(`no price for ${failing}`)
    return order(event.orderId.replace('ORD', series), { type: 'InvoiceIssued' })
  }
  const report = await transferExactlyOnce(withMoments(kafka, pauseAt), config, invoice)
  await pauseAt('returned')
  return report
}

/** Two readers of the invoices, each from the beginning: the orders that they find there. */
export async function readers({ kafka, topic, group }: Stage) {
  const read = (readUncommitted: boolean) => ordersIn(kafka, invoicesOf(topic), group, readUncommitted)
  const [uncommitted, committed] = await Promise.all([read(true), read(false)])
  return { uncommitted, committed }
}

/** The shop itself writes in transactions: the first order is taken back, the second one kept. */
export async function placeTwo({ kafka, topic, transactionalId }: Stage) {
  const producer = kafka.producer({ transactionalId: `${transactionalId}-shop` })
  await producer.connect()
  try {
    const taken = await producer.transaction()
    await taken.send({ topic, messages: [{ ...message('ORD-001'), partition: 0 }] })
    await taken.abort()
    const kept = await producer.transaction()
    await kept.send({ topic, messages: [{ ...message('ORD-002'), partition: 0 }] })
    await kept.commit()
  } finally {
    await producer.disconnect()
  }
}

type PauseAt = Stage['pauseAt']

/** The same Kafka, with a pause at every moment at which a crash can fall. */
function withMoments(kafka: Kafka, pauseAt: PauseAt): Kafka {
  const newProducer = kafka.producer.bind(kafka)
  const newConsumer = kafka.consumer.bind(kafka)
  kafka.producer = (config) => producerWithMoments(newProducer(config), pauseAt)
  kafka.consumer = (config) => consumerWithMoments(newConsumer(config), pauseAt)
  return kafka
}

function producerWithMoments(producer: Producer, pauseAt: PauseAt): Producer {
  const { transaction: begin } = producer
  producer.transaction = async () => {
    const transaction = pausingAfterSend(await begin(), pauseAt)
    const { commit } = transaction
    transaction.commit = async () => {
      await pauseAt('committing')
      try {
        await commit()
      } finally {
        await pauseAt('answered')
      }
    }
    return transaction
  }
  return pausingAfterSend(producer, pauseAt)
}

function pausingAfterSend<T extends Producer | Transaction>(sender: T, pauseAt: PauseAt): T {
  const { send, sendBatch } = sender
  const sent = async <R>(sending: Promise<R>) => {
    const answer = await sending
    await pauseAt('sent')
    return answer
  }
  sender.send = (record) => sent(send(record))
  sender.sendBatch = (batch) => sent(sendBatch(batch))
  return sender
}

function consumerWithMoments(consumer: Consumer, pauseAt: PauseAt): Consumer {
  const { run } = consumer
  const afterPause = <P>(handler: (payload: P) => Promise<void>) => {
    return async (payload: P) => {
      await pauseAt('received')
      await handler(payload)
    }
  }
  consumer.run = ({ eachMessage, eachBatch, ...config } = {}) =>
    run({
      ...config,
      ...(eachMessage && { eachMessage: afterPause(eachMessage) satisfies EachMessageHandler }),
      ...(eachBatch && { eachBatch: afterPause(eachBatch) satisfies EachBatchHandler }),
    })
  return consumer
}

/** Reads until four fetches in a row have brought nothing: a reader waits at an open transaction and is not told so. */
async function ordersIn(kafka: Kafka, topic: string, group: string, readUncommitted: boolean) {
  const groupId = `${group}-${readUncommitted ? 'un' : ''}committed-${Date.now()}`
  const consumer = kafka.consumer({ groupId, readUncommitted, maxWaitTimeInMs: 50 })
  const orders: string[] = []
  let emptyFetches = 0
  const quiet = new Promise<void>((resolve) => {
    // kafkajs tells of a fetch first, and of the batches in it right after.
    consumer.on(consumer.events.START_BATCH_PROCESS, () => {
      emptyFetches = 0
    })
    consumer.on(consumer.events.FETCH, () => {
      emptyFetches += 1
      if (emptyFetches === 4) resolve()
    })
  })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ message: { value } }) => {
        orders.push(JSON.parse(String(value)).orderId)
      },
    })
    await quiet
  } finally {
    await consumer.disconnect()
  }
  return orders.sort()
}

async function show(spawn: Stage['spawn']) {
  const seen = (await spawn('readers').ended()) as Awaited<ReturnType<typeof readers>>
  console.log(`  read_uncommitted  ${seen.uncommitted.join(' ')}`)
  console.log(`  read_committed    ${seen.committed.join(' ')}`)
  return seen
}

/** The next offset of each partition. */
async function endOffsets(kafka: Kafka, topic: string) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const ends = await admin.fetchTopicOffsets(topic)
    return ends.sort((a, b) => a.partition - b.partition).map(({ high }) => high)
  } finally {
    await admin.disconnect()
  }
}

const invoicesOf = (topic: string) => `${topic}-invoices`

async function openShop(kafka: Kafka, topic: string) {
  const admin = kafka.admin()
  const producer = kafka.producer()
  await Promise.all([admin.connect(), producer.connect()])
  try {
    await admin.createTopics({ topics: [{ topic: invoicesOf(topic), numPartitions: 3 }] })
    await producer.send({ topic, messages: ORDERS.map(message) })
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()])
  }
}

function message(orderId: string) {
  return { key: orderId, value: JSON.stringify(order(orderId)) }
}
