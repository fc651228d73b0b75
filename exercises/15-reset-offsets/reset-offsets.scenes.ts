import type { Admin, Consumer, Kafka } from 'kafkajs'
import { type BookEvent, order } from '#bookstore'
import type { Stage } from '#workbook/check'
import {
  applyReset,
  handleOrder,
  planReset,
  type ResetPlan,
  type Shop,
  type Target,
} from './reset-offsets.ts'

/** Milliseconds. */
const HOUR = 3_600_000
const FAULTY_SINCE = Date.parse('2026-03-11T12:00:00Z')

/** Three days ago a faulty version went live: it reserves one copy, whatever was ordered. Today it is mended. */
export async function threeDays(stage: Stage) {
  await mend(stage, console.log)
}

/** The same without words. Tells which orders were handled again, and how the shop looks afterwards. */
export async function threeDaysInSilence(stage: Stage) {
  return mend(stage, () => {})
}

async function mend({ kafka, topic, group }: Stage, say: (line: string) => void) {
  await sendOrders(kafka, topic)
  const shop = new Bookshop()
  await readToTheEnd(kafka, group, topic, async ({ orderId, occurredAt, data }) => {
    await shop.reserve(orderId, Date.parse(occurredAt) < FAULTY_SINCE ? data.qty : 1)
    await shop.mail(orderId)
  })
  say(`before   ${shop}`)

  const target: Target = { kind: 'timestamp', timestamp: FAULTY_SINCE }
  const plan = await withAdmin(kafka, (admin) => planReset(admin, group, topic, target))
  for (const row of plan.rows) {
    say(`plan     partition ${row.partition}  committed ${row.committed}  to ${row.to}`)
  }
  await withAdmin(kafka, (admin) => applyReset(admin, plan))

  const replayed: string[] = []
  await readToTheEnd(kafka, group, topic, async (event) => {
    replayed.push(event.orderId)
    say(`replay   ${event.orderId}, ${event.data.qty} copies`)
    await handleOrder(event, shop)
  })
  say(`after    ${shop}`)
  return { replayed: replayed.sort(), ...shop.books() }
}

/** How the world is before somebody makes a plan. */
interface World {
  /** What the group commits: partition -> offset. */
  committed?: Record<number, string>
  /** Records below these offsets are deleted, as retention does it: partition -> offset. */
  logStart?: Record<number, string>
  /** Another topic than that of the check. */
  topic?: string
  /** Another group than that of the check. */
  group?: string
}

export async function prepare({ kafka, topic: ownTopic, group: ownGroup, given = {} }: Stage<World>) {
  const { committed = {}, logStart = {}, topic = ownTopic, group = ownGroup } = given
  if (Object.keys(logStart).length > 0) {
    await withAdmin(kafka, async (admin) => {
      // deleteTopicRecords needs to know the leaders, and does not ask by itself.
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: offsetsOf(logStart) })
    })
  }
  if (Object.keys(committed).length === 0) return
  await withMember(kafka, group, async (consumer) => {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachMessage: async () => {} })
    await consumer.commitOffsets(offsetsOf(committed).map((one) => ({ topic, ...one })))
  })
}

/** Makes plans, and applies none. */
export async function plan({ kafka, topic, group, given }: Stage<Target[]>): Promise<ResetPlan[]> {
  const plans: ResetPlan[] = []
  await withAdmin(kafka, async (admin) => {
    for (const target of given ?? [{ kind: 'earliest' }]) {
      plans.push(plain(await planReset(inOtherOrders(admin), group, topic, target)))
    }
  })
  return plans
}

/** Makes a plan and applies it. The checks hold it in between. */
export async function reset({ kafka, topic, group, pauseAt, given }: Stage<Target>): Promise<void> {
  await withAdmin(kafka, async (admin) => {
    const made = await planReset(inOtherOrders(admin), group, topic, given ?? { kind: 'earliest' })
    await pauseAt('planned')
    await applyReset(admin, made)
  })
}

/** A member of the group that commits nothing. It leaves when the check lets it go. */
export async function member({ kafka, topic, group, pauseAt }: Stage) {
  await withMember(kafka, group, async (consumer) => {
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await pauseAt('ready')
    await consumer.run({ autoCommit: false, eachMessage: async () => {} })
    await pauseAt('joined')
  })
}

interface Deliveries {
  /** What an earlier life of the service has reserved: order -> copies. Their readers have got their mails. */
  reserved: Record<string, number>
  events: BookEvent[]
}

/** Hands some events to your handler, one after the other, as a replay does. Needs no broker. */
export async function deliver({ given }: Pick<Stage<Deliveries>, 'given'>) {
  const event = order('ORD-1042')
  const { reserved, events } = given ?? { reserved: {}, events: [event, event] }
  const shop = new Bookshop(reserved)
  for (const one of events) await handleOrder(one, shop)
  return shop.books()
}

class Bookshop implements Shop {
  private readonly copies: Map<string, number>
  private readonly mails: string[] = []

  constructor(reserved: Record<string, number> = {}) {
    this.copies = new Map(Object.entries(reserved))
  }

  async reserved(orderId: string): Promise<number | null> {
    return this.copies.get(orderId) ?? null
  }

  async reserve(orderId: string, copies: number): Promise<void> {
    this.copies.set(orderId, copies)
  }

  async mail(orderId: string): Promise<void> {
    this.mails.push(orderId)
  }

  books() {
    return { reserved: Object.fromEntries(this.copies), mails: [...this.mails] }
  }

  toString() {
    const copies = [...this.copies].sort().map(([, some]) => some)
    return `reserved ${copies.join(' ')}  mails ${this.mails.length}`
  }
}

/** Eight orders of three copies, one every half day from 9 March 12:00 on, each stamped with its own time. */
async function sendOrders(kafka: Kafka, topic: string) {
  const events = Array.from({ length: 8 }, (_, index) =>
    order(`ORD-00${index + 1}`, {
      occurredAt: new Date(FAULTY_SINCE + (index - 4) * 12 * HOUR).toISOString(),
      data: { isbn: '978-0-13-468599-1', qty: 3 },
    }),
  )
  const producer = kafka.producer()
  await producer.connect()
  try {
    const messages = events.map((event) => ({
      key: event.orderId,
      value: JSON.stringify(event),
      timestamp: String(Date.parse(event.occurredAt)),
    }))
    await producer.send({ topic, messages })
  } finally {
    await producer.disconnect()
  }
}

/** Reads on from where the group stands, and commits. Ends when four fetches in a row have brought nothing. */
async function readToTheEnd(
  kafka: Kafka,
  group: string,
  topic: string,
  handle: (event: BookEvent) => Promise<void>,
) {
  await withMember(kafka, group, async (consumer) => {
    const { START_BATCH_PROCESS, FETCH, STOP } = consumer.events
    const stopped = new Promise<void>((resolve) => consumer.on(STOP, () => resolve()))
    let emptyFetches = 0
    // kafkajs tells of a fetch first, and of the batches in it right after.
    consumer.on(START_BATCH_PROCESS, () => {
      emptyFetches = 0
    })
    consumer.on(FETCH, () => {
      emptyFetches += 1
      if (emptyFetches === 4) void consumer.stop()
    })
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ eachMessage: ({ message: { value } }) => handle(JSON.parse(String(value))) })
    await stopped
  })
}

async function withMember(kafka: Kafka, groupId: string, work: (consumer: Consumer) => Promise<void>) {
  // How long the broker may hold an empty fetch. kafkajs neither hears of a rebalance nor leaves while it waits.
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 300, maxWaitTimeInMs: 100 })
  await consumer.connect()
  try {
    await work(consumer)
  } finally {
    await consumer.disconnect()
  }
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

/** kafkajs lists partitions as the broker names them, and that is in no order. Here each answer has another one. */
function inOtherOrders(admin: Admin): Admin {
  const { fetchOffsets, fetchTopicOffsets, fetchTopicOffsetsByTimestamp } = admin
  admin.fetchOffsets = async (options) =>
    (await fetchOffsets(options)).map((one) => ({ ...one, partitions: inOrder(one.partitions, [0, 1, 2]) }))
  admin.fetchTopicOffsets = async (topic) => inOrder(await fetchTopicOffsets(topic), [2, 1, 0])
  admin.fetchTopicOffsetsByTimestamp = async (topic, timestamp) =>
    inOrder(await fetchTopicOffsetsByTimestamp(topic, timestamp), [1, 2, 0])
  return admin
}

function inOrder<T extends { partition: number }>(list: T[], partitions: number[]): T[] {
  return list.toSorted((a, b) => partitions.indexOf(a.partition) - partitions.indexOf(b.partition))
}

/** Only what the contract names: a plan may have more in it, also what cannot leave its process. */
function plain({ group, topic, rows }: ResetPlan): ResetPlan {
  return { group, topic, rows: rows.map(({ partition, committed, to }) => ({ partition, committed, to })) }
}

function offsetsOf(byPartition: Record<number, string>) {
  return Object.entries(byPartition).map(([partition, offset]) => ({ partition: Number(partition), offset }))
}
