import type { Consumer, Kafka } from 'kafkajs'

export interface Need {
  service: string
  copies: number
  readers: 'share' | 'each'
  commits: 'before-work' | 'after-work'
}

export type Promised = 'at-most-once' | 'at-least-once' | 'exactly-once'

export interface PlannedGroup {
  groupId: string
  members: string[]
  promised: Promised
}

export type GroupPlan = PlannedGroup[]

export interface Delivery {
  partition: number
  offset: string
}

export type DeliveryMatrix = Record<string, Record<string, Delivery[]>>

export function planGroups(needs: Need[]): GroupPlan {
  return needs.flatMap(({ service, copies, readers, commits }) => {
    const members = Array.from({ length: copies }, (_, index) => `${service}-${index + 1}`)
    // A group has one reader for every event. So whoever has to hear of all of them is a group.
    const groups = readers === 'share' ? [members] : members.map((member) => [member])
    // The group id is the name under which progress is kept: it has to outlive restarts, scaling and new neighbours.
    return groups.map((ofGroup) => ({
      groupId: `${readers === 'share' ? service : ofGroup[0]}-group`,
      members: ofGroup,
      // The other order of work and commit cannot be had together with this one, and no group makes them one step.
      promised: commits === 'after-work' ? 'at-least-once' : 'at-most-once',
    }))
  })
}

export async function fanOut(
  kafka: Kafka,
  topic: string,
  plan: GroupPlan,
  expect: number,
): Promise<DeliveryMatrix> {
  const consumers: Consumer[] = []
  const starts: Promise<void>[] = []
  const matrix: DeliveryMatrix = {}
  const everyGroup = plan.map(async ({ groupId, members }) => {
    // Rows first: who is never handed anything is a member, too.
    const rows: Record<string, Delivery[]> = Object.fromEntries(members.map((member) => [member, []]))
    matrix[groupId] = rows
    // A rebalance may hand out a record a second time: it counts once.
    const places = new Set<string>()
    await new Promise<void>((resolve, reject) => {
      for (const row of Object.values(rows)) {
        const consumer = kafka.consumer({ groupId })
        consumers.push(consumer)
        consumer.on(consumer.events.CRASH, ({ payload }) => {
          if (!payload.restart) reject(payload.error)
        })
        const onDelivery = (delivery: Delivery) => {
          row.push(delivery)
          if (places.add(`${delivery.partition}:${delivery.offset}`).size >= expect) resolve()
        }
        const started = start(consumer, topic, onDelivery)
        started.catch(reject)
        starts.push(started)
      }
    })
  })
  try {
    // Nobody is stopped while it joins: it would stay a member, and hold its partitions until its session ends.
    await Promise.all([...everyGroup, ...starts])
    return matrix
  } finally {
    // Leaves the groups, too; what was handled is committed on the way out.
    await Promise.all(consumers.map((consumer) => consumer.disconnect()))
  }
}

/** A group without a commit begins at the end unless it is told otherwise, so a group that comes late would miss all. */
async function start(consumer: Consumer, topic: string, onDelivery: (delivery: Delivery) => void) {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message: { offset } }) => onDelivery({ partition, offset }),
  })
}
