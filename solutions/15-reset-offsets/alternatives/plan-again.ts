// Another way: a plan remembers what was wanted. Applying it means to plan again and to compare the two.
import type { Admin } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export type Target =
  | { kind: 'earliest' }
  | { kind: 'latest' }
  | { kind: 'timestamp'; timestamp: number }
  | { kind: 'shift'; by: number }

export interface ResetRow {
  partition: number
  committed: string | null
  to: string
}

export interface ResetPlan {
  group: string
  topic: string
  rows: ResetRow[]
}

export interface Shop {
  reserved(orderId: string): Promise<number | null>
  reserve(orderId: string, copies: number): Promise<void>
  mail(orderId: string): Promise<void>
}

/** A plan that can be made anew. */
class Planned implements ResetPlan {
  readonly group: string
  readonly topic: string
  readonly rows: ResetRow[]
  readonly again: (admin: Admin) => Promise<ResetPlan>

  constructor(group: string, topic: string, target: Target, rows: ResetRow[]) {
    this.group = group
    this.topic = topic
    this.rows = rows
    this.again = (admin) => planReset(admin, group, topic, target)
  }

  get committed(): string {
    return this.rows.map((row) => `${row.partition}:${row.committed}`).join(' ')
  }
}

export async function planReset(
  admin: Admin,
  group: string,
  topic: string,
  target: Target,
): Promise<Planned> {
  if (await isAtWork(admin, group)) throw new Error(`${group} is at work`)
  const byPartition = <T extends { partition: number }>(list: T[]) =>
    list.toSorted((a, b) => a.partition - b.partition)
  // Sorted by partition, the three lists can be read side by side.
  const commits = byPartition(
    (await admin.fetchOffsets({ groupId: group, topics: [topic] })).flatMap(({ partitions }) => partitions),
  )
  const logs = byPartition(await admin.fetchTopicOffsets(topic))
  const found = byPartition(await wantedOffsets(admin, topic, target))
  const rows = logs.map(({ partition, low, high }, index): ResetRow => {
    const offset = commits[index]?.offset
    const committed = offset === undefined || Number(offset) < 0 ? null : offset
    let to = found[index]?.offset
    if (to === undefined) {
      if (committed === null) throw new Error(`nothing to shift in partition ${partition}`)
      const by = target.kind === 'shift' ? target.by : 0
      const shifted = Math.min(Math.max(Number(committed) + by, Number(low)), Number(high))
      to = shifted.toString()
    }
    return { partition, committed, to }
  })
  return new Planned(group, topic, target, rows)
}

export async function applyReset(admin: Admin, plan: ResetPlan): Promise<void> {
  const { group, topic, rows, again, committed } = plan as Planned
  const now = await again(admin)
  if ((now as Planned).committed !== committed) throw new Error('the plan is not what it was')
  const partitions = rows.map(({ partition, to: offset }) => ({ partition, offset }))
  await admin.setOffsets({ groupId: group, topic, partitions })
  const [set] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  for (const { partition, to } of rows) {
    const there = set?.partitions.some((one) => one.partition === partition && one.offset === to)
    if (!there) throw new Error(`partition ${partition} was not set`)
  }
}

/** Kafka finds each of them by a time: 0 for the first record, tomorrow for the next one to come. */
async function wantedOffsets(admin: Admin, topic: string, target: Target) {
  switch (target.kind) {
    case 'earliest':
      return admin.fetchTopicOffsetsByTimestamp(topic, 0)
    case 'latest':
      return admin.fetchTopicOffsetsByTimestamp(topic, Date.now() + 86_400_000)
    case 'timestamp':
      return admin.fetchTopicOffsetsByTimestamp(topic, target.timestamp)
    case 'shift':
      return []
  }
}

async function isAtWork(admin: Admin, group: string): Promise<boolean> {
  const { groups } = await admin.describeGroups([group])
  return groups.length > 0 && groups[0]?.members.length !== 0
}

export async function handleOrder(event: BookEvent, shop: Shop): Promise<void> {
  const isNew = await shop.reserved(event.orderId).then((copies) => copies === null)
  await Promise.all([
    shop.reserve(event.orderId, event.data.qty),
    isNew ? shop.mail(event.orderId) : Promise.resolve(),
  ])
}
