import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, ConsumerConfig, Kafka } from 'kafkajs'
import { order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { fanOut, type GroupPlan, planGroups } from './fan-out.ts'

interface Run {
  plan: GroupPlan
  /** Records for each group. */
  expect: number
  /** Records to send to each of these partitions, one each, once everybody has joined. */
  sendTo?: number[]
}

/** Your plan, at work: nine orders for three services. Who is handed which of them? Printed as partition:offset. */
export async function nineOrders({ kafka, topic, group }: Stage) {
  const plan = planGroups([
    { service: 'inventory-service', copies: 2, readers: 'share', commits: 'after-work' },
    { service: 'analytics-service', copies: 1, readers: 'share', commits: 'after-work' },
    { service: 'price-cache', copies: 2, readers: 'each', commits: 'before-work' },
  ])
  // Group ids of this run only: on a broker that lives on, yesterday's commits would be in the way.
  const ofThisRun = plan.map((one) => ({ ...one, groupId: `${group}-${one.groupId}` }))
  const sendTo = [0, 1, 2, 0, 1, 2, 0, 1, 2]
  const { joined, matrix } = await play(kafka, topic, { plan: ofThisRun, expect: sendTo.length, sendTo })
  for (const [index, { groupId, promised }] of plan.entries()) {
    console.log(`${groupId}  ${promised}`)
    for (const [member, deliveries] of Object.entries(matrix?.[ofThisRun[index]?.groupId ?? ''] ?? {})) {
      const places = deliveries.map(({ partition, offset }) => `${partition}:${offset}`)
      console.log(`  ${member.padEnd(22)}${places.sort().join(' ') || '-'}`)
    }
  }
  return { everybodyJoined: joined, fanOutResolved: matrix !== null }
}

/** Runs a plan. The checks look at the groups before it lets go. */
export async function run({ kafka, topic, group, given, pauseAt }: Stage<Run>) {
  const plan: GroupPlan = [{ groupId: group, members: ['audit-1'], promised: 'at-least-once' }]
  return play(kafka, topic, given ?? { plan, expect: 3, sendTo: [0, 1, 2] }, () => pauseAt('returned'))
}

async function play(
  kafka: Kafka,
  topic: string,
  { plan, expect, sendTo = [] }: Run,
  onReturn?: () => Promise<void>,
) {
  const { watched, quiet, disconnect } = watch(kafka)
  const over = new AbortController()
  const running = fanOut(watched, topic, plan, expect)
  try {
    const early = running.then(() => false)
    const joined = await Promise.race([everybodyJoined(kafka, plan, over.signal), early, quiet()])
    if (sendTo.length > 0) await send(kafka, topic, sendTo)
    const matrix = await Promise.race([running, quiet().then(() => null)])
    await onReturn?.()
    return { joined, matrix }
  } finally {
    over.abort()
    await disconnect()
  }
}

/** Waits until every group of the plan is stable with all its members, as the broker sees it. */
async function everybodyJoined(kafka: Kafka, plan: GroupPlan, over: AbortSignal): Promise<boolean> {
  const sizes = new Map(plan.map(({ groupId, members }) => [groupId, members.length]))
  const admin = kafka.admin()
  await admin.connect()
  try {
    while (!over.aborted) {
      const { groups } = await admin.describeGroups([...sizes.keys()])
      const complete = groups.every(
        ({ groupId, state, members }) => state === 'Stable' && members.length === sizes.get(groupId),
      )
      if (complete) return true
      await sleep(50)
    }
    return false
  } finally {
    await admin.disconnect()
  }
}

/** When no consumer has joined, or was handed anything, for so long, nothing will come any more. */
const QUIET_MS = 4000

/**
 * The same client, and a look at its consumers. They wait at most 100 ms for records, since kafkajs cannot notice that
 * another member joins, or leave, while it waits. `quiet()` resolves with false when they fetch and nothing happens.
 */
function watch(kafka: Kafka) {
  const consumers: Consumer[] = []
  let lastNews = Date.now()
  let onQuiet: (joined: false) => void = () => {}
  const news = () => {
    lastNews = Date.now()
  }
  const consumer = (config: ConsumerConfig) => {
    const made = kafka.consumer({ ...config, maxWaitTimeInMs: 100, heartbeatInterval: 100 })
    const { REBALANCING, GROUP_JOIN, START_BATCH_PROCESS, FETCH } = made.events
    consumers.push(made)
    news()
    made.on(REBALANCING, news)
    made.on(GROUP_JOIN, news)
    made.on(START_BATCH_PROCESS, news)
    made.on(FETCH, () => {
      if (Date.now() - lastNews > QUIET_MS) onQuiet(false)
    })
    return made
  }
  return {
    watched: Object.create(kafka, { consumer: { value: consumer } }) as Kafka,
    quiet: () => {
      news()
      return new Promise<false>((resolve) => {
        onQuiet = resolve
      })
    },
    disconnect: () => Promise.all(consumers.map((one) => one.disconnect())),
  }
}

async function send(kafka: Kafka, topic: string, partitions: number[]) {
  const producer = kafka.producer()
  await producer.connect()
  try {
    const messages = partitions.map((partition, index) => {
      const event = order(`ORD-${index + 1}`)
      return { partition, key: event.orderId, value: JSON.stringify(event) }
    })
    await producer.send({ topic, messages })
  } finally {
    await producer.disconnect()
  }
}
