import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Consumer, Kafka } from 'kafkajs'
import { type BookEvent, order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { follow, publish } from './judge-ordering.ts'

/** What happens to an order, in this order. */
const LIFE = ['OrderPlaced', 'OrderConfirmed', 'OrderShipped', 'OrderDelivered']

/** Three orders, from placed to delivered, with your code. What does the status page say at the end? */
export async function statusPage({ kafka, topic, group }: Stage) {
  const ids = ['ORD-001', 'ORD-002', 'ORD-003']
  await send(kafka, topic, ids.flatMap(lifeOf))
  const status = new Map<string, string>()
  const everything = countTo(ids.length * LIFE.length)
  const handle = async ({ orderId, type }: BookEvent) => {
    // What comes first takes longest: a new order is a lot of work, a delivered one hardly any.
    await sleep(20 * (LIFE.length - LIFE.indexOf(type)))
    status.set(orderId, type)
    everything.count()
  }
  await withConsumer(kafka, group, async (consumer) => {
    await follow(consumer, topic, handle)
    await everything.reached
  })
  for (const id of ids) console.log(`${id}  ${status.get(id)}`)
}

/** Half of each life is sent with your code, the topic grows to six partitions, the other half is sent. Who lies where? */
export async function growth({ kafka, topic, given = ['ORD-001', 'ORD-002', 'ORD-003'] }: Stage<string[]>) {
  const halves = [LIFE.slice(0, 2), LIFE.slice(2)].map((types) =>
    given.flatMap((id) => types.map((type) => order(id, { type }))),
  )
  await send(kafka, topic, halves[0] ?? [])
  const admin = kafka.admin()
  await admin.connect()
  try {
    await admin.createPartitions({ topicPartitions: [{ topic, count: 6 }] })
    while (!(await isServed(admin, topic, 6))) await sleep(20)
  } finally {
    await admin.disconnect()
  }
  // A producer of its own: kafkajs keeps what it knows of a topic for five minutes.
  await send(kafka, topic, halves[1] ?? [])
}

/** Sends events with your code, with a producer of their own. */
export async function sendAll({ kafka, topic, given }: Stage<BookEvent[]>) {
  await send(kafka, topic, given ?? lifeOf('ORD-001'))
}

/**
 * Handles events that are stored already. The first handler works until another event of its order is begun, or something is
 * committed; when neither happens, a third of a second, or longer when kafkajs takes its batch for done. Tells which handlers
 * began before another one of their order had ended.
 */
export async function handleAll({ kafka, topic, group, given }: Stage<number>) {
  if (given === undefined) await send(kafka, topic, lifeOf('ORD-001'))
  const atWork = new Map<string, string[]>()
  const handled: string[] = []
  const overlapping: string[] = []
  const everything = countTo(given ?? LIFE.length)
  let goOn = () => {}
  const disturbed = new Promise<void>((resolve) => {
    goOn = resolve
  })
  let started = 0
  let batchIsOver = false
  let committedAtWork = false

  const handle = async ({ orderId, eventId }: BookEvent) => {
    const others = atWork.get(orderId) ?? []
    if (others.length > 0) {
      overlapping.push(eventId)
      goOn()
    }
    atWork.set(orderId, [...others, eventId])
    started += 1
    if (started === 1) {
      await Promise.race([disturbed, sleep(333)])
      if (batchIsOver) await Promise.race([disturbed, sleep(3000)])
    }
    atWork.set(
      orderId,
      (atWork.get(orderId) ?? []).filter((one) => one !== eventId),
    )
    handled.push(eventId)
    everything.count()
  }

  await withConsumer(kafka, group, async (consumer) => {
    const { COMMIT_OFFSETS, END_BATCH_PROCESS } = consumer.events
    consumer.on(END_BATCH_PROCESS, () => {
      batchIsOver = true
    })
    consumer.on(COMMIT_OFFSETS, ({ payload }) => {
      const offsets = payload.topics.flatMap(({ partitions }) => partitions.map(({ offset }) => offset))
      // A commit of 0 says that nothing is done, which is true.
      if (started === 0 || handled.length > 0 || offsets.every((offset) => offset === '0')) return
      committedAtWork = true
      goOn()
    })
    await follow(consumer, topic, handle)
    await everything.reached
  })
  return { handled, overlapping, committedAtWork }
}

const lifeOf = (orderId: string) => LIFE.map((type) => order(orderId, { type }))

/** Whether all partitions have leaders, and these answer: a new partition shows its leader a moment before that one serves. */
async function isServed(admin: Admin, topic: string, partitions: number): Promise<boolean> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const led = (topics[0]?.partitions ?? []).filter(({ leader }) => leader >= 0)
  if (led.length < partitions) return false
  return admin.fetchTopicOffsets(topic).then(
    () => true,
    () => false,
  )
}

async function send(kafka: Kafka, topic: string, events: BookEvent[]) {
  const producer = kafka.producer()
  await producer.connect()
  try {
    await publish(producer, topic, events)
  } finally {
    await producer.disconnect()
  }
}

async function withConsumer(kafka: Kafka, groupId: string, work: (consumer: Consumer) => Promise<void>) {
  // How long the broker may hold an empty fetch. kafkajs cannot leave a group while it waits for one.
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  await consumer.connect()
  try {
    await work(consumer)
  } finally {
    await consumer.disconnect()
  }
}

/** Resolves `reached` after so many calls of `count`. */
function countTo(goal: number) {
  let reach = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  let counted = 0
  const count = () => {
    counted += 1
    if (counted === goal) reach()
  }
  return { count, reached }
}
