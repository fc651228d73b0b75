import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Consumer, Kafka, Producer } from 'kafkajs'
import { order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { computeLag, diagnose, type LagRow, type LagSample } from './consumer-lag.ts'

/** How the world is before it is measured: partition -> offset. */
interface Before {
  /** What the group has committed. */
  committed?: Record<number, string>
  /** Records below these offsets are deleted, as retention does it. */
  logStart?: Record<number, string>
}

/** A rush of orders, and one slow member. Watches the lag until there is none, and asks what it means. */
export async function watch({ kafka, topic, group }: Stage) {
  const member = await slowMember(kafka, topic, group)
  const producer = kafka.producer()
  await producer.connect()
  const samples = await withAdmin(kafka, async (admin) => {
    const measured = [await computeLag(admin, group, topic)]
    const rush = rushOfOrders(producer, topic)
    do {
      await sleep(SAMPLE_MS)
      measured.push(await computeLag(admin, group, topic))
    } while (measured.length < 100 && measured.slice(-2).some((rows) => totalOf(rows) > 0))
    await rush
    return measured
  })
  await Promise.all([member.disconnect(), producer.disconnect()])
  show(samples)
}

/** Measures once, in a world as it is wanted. */
export async function measure({ kafka, topic, group, given = {} }: Stage<Before>): Promise<LagRow[]> {
  return withAdmin(kafka, async (admin) => {
    await deleteRecords(admin, topic, given.logStart ?? {})
    await commit(kafka, topic, group, given.committed ?? {})
    return computeLag(inAnotherOrder(admin), group, topic)
  })
}

/** Measures while a member is at work: it has five records in hand, and has committed two of them. */
export async function measureAtWork({ kafka, topic, group }: Stage) {
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 })
  const finish = gate()
  const atThird = gate()
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message: { offset } }) => {
        if (offset === '2') atThird.open()
        if (offset >= '2') await finish.opened
        else await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(offset) + 1n) }])
      },
    })
    await atThird.opened
    return await withAdmin(kafka, (admin) => computeLag(admin, group, topic))
  } finally {
    finish.open()
    await consumer.disconnect()
  }
}

/** A transaction of two records, one of two that is aborted, and a group that has read all that it is given. */
export async function measureTransactions({ kafka, topic, group, transactionalId }: Stage) {
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (const end of ['commit', 'abort'] as const) {
    const transaction = await producer.transaction()
    const messages = ['ORD-1', 'ORD-2'].map((key) => ({ key, value: end, partition: 0 }))
    await transaction.send({ topic, messages })
    await transaction[end]()
  }
  await producer.disconnect()
  const read = await readSome(kafka, group, { topic, records: 2 })
  return { read, rows: await withAdmin(kafka, (admin) => computeLag(admin, group, topic)) }
}

interface Reading {
  topic: string
  records: number
}

/** A new group reads so many records of a topic. Measures before and after. */
export async function measureNewGroup({
  kafka,
  topic,
  group,
  given = { topic, records: 1 },
}: Stage<Reading>) {
  return withAdmin(kafka, async (admin) => {
    const before = await computeLag(admin, group, given.topic)
    const read = await readSome(kafka, group, given)
    return { before, read, after: await computeLag(admin, group, given.topic) }
  })
}

/** Reads so many records, stops, and says what it has read. kafkajs commits at the end of its batch. */
async function readSome(kafka: Kafka, groupId: string, { topic, records }: Reading): Promise<unknown[]> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  const read: unknown[] = []
  const enough = gate()
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      read.push(message.value?.toString())
      if (read.length === records) enough.open()
    },
  })
  await enough.opened
  await consumer.disconnect()
  return read
}

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/** kafkajs lists partitions as the broker names them, and that is in no order. Here never in the rising one. */
function inAnotherOrder(admin: Admin): Admin {
  const fetchTopicOffsets = admin.fetchTopicOffsets
  admin.fetchTopicOffsets = async (topic) =>
    (await fetchTopicOffsets(topic)).toSorted((a, b) => b.partition - a.partition)
  return admin
}

async function deleteRecords(admin: Admin, topic: string, logStart: Record<number, string>) {
  const partitions = offsetsOf(logStart)
  if (partitions.length === 0) return
  // deleteTopicRecords needs to know the leaders, and does not ask by itself.
  await admin.fetchTopicOffsets(topic)
  await admin.deleteTopicRecords({ topic, partitions })
}

/** Only a member of the group may commit for it while it has members, so this one joins, commits and leaves. */
async function commit(kafka: Kafka, topic: string, groupId: string, committed: Record<number, string>) {
  const partitions = offsetsOf(committed)
  if (partitions.length === 0) return
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ autoCommit: false, eachMessage: async () => {} })
  await consumer.commitOffsets(partitions.map((one) => ({ topic, ...one })))
  await consumer.disconnect()
}

function offsetsOf(byPartition: Record<number, string>) {
  return Object.entries(byPartition).map(([partition, offset]) => ({ partition: Number(partition), offset }))
}

/** Milliseconds. */
const SAMPLE_MS = 150
const WORK_MS = 6

/** Handles one order after the other, and commits every tenth. */
async function slowMember(kafka: Kafka, topic: string, groupId: string): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ autoCommitThreshold: 10, eachMessage: () => sleep(WORK_MS) })
  return consumer
}

/** Thirty sends, twice as fast as the member works. */
async function rushOfOrders(producer: Producer, topic: string) {
  for (let send = 0; send < 30; send++) {
    const orders = Array.from({ length: 12 }, (_, index) => order(`ORD-${send * 12 + index}`))
    await producer.send({
      topic,
      messages: orders.map((event) => ({ key: event.orderId, value: JSON.stringify(event) })),
    })
    await sleep(30)
  }
}

/** One line for each partition and one for all, and what the samples say, before and after the top. */
function show(samples: LagSample[]) {
  const totals = samples.map(totalOf)
  const line = (name: string, lags: number[]) =>
    console.log(`  ${name.padEnd(12)} ${sparkline(lags)}   at most ${Math.max(...lags)}`)
  console.log(`lag in ${samples.length} samples, one every ${SAMPLE_MS} ms`)
  for (const partition of [0, 1, 2]) {
    const lagOf = (rows: LagSample) => Number(rows.find((row) => row.partition === partition)?.lag)
    line(`partition ${partition}`, samples.map(lagOf))
  }
  line('together', totals)
  const top = totals.indexOf(Math.max(...totals))
  const parts = {
    'to the top': samples.slice(0, top + 1),
    'from there': samples.slice(top, -2),
    all: samples,
  }
  for (const [name, some] of Object.entries(parts)) {
    if (some.length > 1) console.log(`  ${name.padEnd(12)} ${JSON.stringify(diagnose(some, 3, 1))}`)
  }
}

/** Small numbers here: fit for a picture. */
function totalOf(rows: LagSample): number {
  return rows.reduce((sum, { lag }) => sum + Number(lag), 0)
}

function sparkline(values: number[]): string {
  const blocks = '▁▂▃▄▅▆▇█'
  const most = Math.max(1, ...values)
  return values.map((value) => blocks[Math.ceil((value / most) * (blocks.length - 1))]).join('')
}
