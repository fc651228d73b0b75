// The wrong idea: a group has to do with the partitions in which it has committed, and with no others.
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
  const commits = (await admin.fetchOffsets({ groupId: group })).find((one) => one.topic === topic)
  const logs = await admin.fetchTopicOffsets(topic)
  const stamped = to.kind === 'timestamp' ? await admin.fetchTopicOffsetsByTimestamp(topic, to.timestamp) : []
  const rows: ResetRow[] = []
  for (const { partition, offset: committed } of commits?.partitions ?? []) {
    const log = logs.find((one) => one.partition === partition)
    if (!log) continue
    let next = log.low
    if (to.kind === 'latest') next = log.high
    if (to.kind === 'timestamp') next = stamped.find((one) => one.partition === partition)?.offset ?? log.high
    if (to.kind === 'shift')
      next = inside(BigInt(committed) + BigInt(to.by), BigInt(log.low), BigInt(log.high))
    rows.push({ partition, committed, to: next })
  }
  return { group, topic, rows }
}

export async function applyReset(admin: Admin, { group, topic, rows }: ResetPlan): Promise<void> {
  await mustBeIdle(admin, group)
  if (!(await standsAt(admin, group, topic, rows, 'committed'))) throw new Error('the plan is out of date')
  const partitions = rows.map(({ partition, to }) => ({ partition, offset: to }))
  await admin.setOffsets({ groupId: group, topic, partitions })
  if (!(await standsAt(admin, group, topic, rows, 'to'))) throw new Error('not every partition was set')
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
