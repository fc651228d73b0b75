// The wrong idea: resetOffsets is the call that resets offsets.
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

export async function planReset(admin: Admin, group: string, topic: string, to: Target): Promise<ResetPlan> {
  await mustBeIdle(admin, group)
  const [commits] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  const logs = await admin.fetchTopicOffsets(topic)
  const stamped = to.kind === 'timestamp' ? await admin.fetchTopicOffsetsByTimestamp(topic, to.timestamp) : []
  const rows = logs.map(({ partition, low, high }) => {
    const offset = commits?.partitions.find((one) => one.partition === partition)?.offset ?? '-1'
    const committed = BigInt(offset) < 0n ? null : offset
    let next = low
    if (to.kind === 'latest') next = high
    if (to.kind === 'timestamp') next = stamped.find((one) => one.partition === partition)?.offset ?? high
    if (to.kind === 'shift') {
      if (committed === null) throw new Error(`there is no commit in partition ${partition}`)
      next = inside(BigInt(committed) + BigInt(to.by), BigInt(low), BigInt(high))
    }
    return { partition, committed, to: next }
  })
  return { group, topic, rows }
}

export async function applyReset(admin: Admin, { group, topic, rows }: ResetPlan): Promise<void> {
  await mustBeIdle(admin, group)
  if (!(await standsAt(admin, group, topic, rows, 'committed'))) throw new Error('the plan is out of date')
  await admin.resetOffsets({ groupId: group, topic, earliest: true })
}

export async function handleOrder(event: BookEvent, shop: Shop): Promise<void> {
  const known = await shop.reserved(event.orderId)
  await shop.reserve(event.orderId, event.data.qty)
  if (known === null) await shop.mail(event.orderId)
}

async function mustBeIdle(admin: Admin, group: string) {
  const { groups } = await admin.describeGroups([group])
  if (groups.some(({ members }) => members.length > 0)) throw new Error(`${group} is at work`)
}

function inside(offset: bigint, low: bigint, high: bigint): string {
  if (offset < low) return String(low)
  return String(offset > high ? high : offset)
}

async function standsAt(
  admin: Admin,
  group: string,
  topic: string,
  rows: ResetRow[],
  column: 'committed' | 'to',
): Promise<boolean> {
  const [commits] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  return rows.every((row) => {
    const offset = commits?.partitions.find(({ partition }) => partition === row.partition)?.offset
    return (offset === '-1' ? null : offset) === row[column]
  })
}
