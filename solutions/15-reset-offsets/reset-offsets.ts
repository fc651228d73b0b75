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
  // A plan for a group at work would be out of date before anybody has read it.
  await refuseMembers(admin, group)
  const committed = await commitsOf(admin, group, topic)
  const logs = await admin.fetchTopicOffsets(topic)
  const at = to.kind === 'timestamp' ? await offsetsAt(admin, topic, to.timestamp) : undefined
  const rows = logs.map(({ partition, low, high }) => {
    const commit = committed.get(partition) ?? null
    const wanted = offsetFor(to, { low, high, commit, found: at?.get(partition) })
    return { partition, committed: commit, to: String(clamp(wanted, BigInt(low), BigInt(high))) }
  })
  return { group, topic, rows: rows.sort((a, b) => a.partition - b.partition) }
}

export async function applyReset(admin: Admin, { group, topic, rows }: ResetPlan): Promise<void> {
  // setOffsets refuses a group with members, too. Asked first, it is said before anything else is done.
  await refuseMembers(admin, group)
  const now = await commitsOf(admin, group, topic)
  if (rows.some(({ partition, committed }) => (now.get(partition) ?? null) !== committed)) {
    throw new Error(`${group} has moved since this plan was made: plan again`)
  }
  const partitions = rows.map(({ partition, to }) => ({ partition, offset: to }))
  await admin.setOffsets({ groupId: group, topic, partitions })
  // setOffsets joins the group to commit. What another member got in that moment is left out, and nobody is told.
  const after = await commitsOf(admin, group, topic)
  const missed = rows.filter(({ partition, to }) => after.get(partition) !== to)
  if (missed.length > 0) {
    const names = missed.map(({ partition }) => partition).join(', ')
    throw new Error(`${group} is not where the plan wants it, in partitions ${names} of ${topic}`)
  }
}

/**
 * A replay comes with the right quantity, and finds what a faulty version has written: the row is set, not skipped and not
 * added to. A mail cannot be set; it is sent where there was no row before.
 */
export async function handleOrder({ orderId, data }: BookEvent, shop: Shop): Promise<void> {
  const before = await shop.reserved(orderId)
  await shop.reserve(orderId, data.qty)
  if (before === null) await shop.mail(orderId)
}

interface Place {
  low: string
  high: string
  commit: string | null
  /** What was found by time. */
  found: string | undefined
}

function offsetFor(to: Target, { low, high, commit, found }: Place): bigint {
  switch (to.kind) {
    case 'earliest':
      return BigInt(low)
    case 'latest':
      return BigInt(high)
    case 'timestamp':
      return BigInt(found ?? high)
    case 'shift':
      if (commit === null) throw new Error('there is a partition without a commit: nothing to shift')
      return BigInt(commit) + BigInt(to.by)
  }
}

/** A commit outside the log would leave it to `auto.offset.reset`, or fromBeginning, where the group begins. */
function clamp(offset: bigint, low: bigint, high: bigint): bigint {
  if (offset < low) return low
  return offset > high ? high : offset
}

/** A group that does not exist yet is Dead. */
async function refuseMembers(admin: Admin, group: string): Promise<void> {
  const { groups } = await admin.describeGroups([group])
  const state = groups[0]?.state ?? 'unknown'
  if (state !== 'Empty' && state !== 'Dead') {
    throw new Error(`${group} has members (${state}): stop them, and plan again`)
  }
}

/** Only reads: `resolveOffsets` would commit. A negative offset is none. */
async function commitsOf(admin: Admin, groupId: string, topic: string): Promise<Map<number, string>> {
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] })
  const commits = (found?.partitions ?? []).filter(({ offset }) => !offset.startsWith('-'))
  return new Map(commits.map(({ partition, offset }) => [partition, offset]))
}

/** Where no record is that late, kafkajs names the end of the log. */
async function offsetsAt(admin: Admin, topic: string, timestamp: number): Promise<Map<number, string>> {
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, timestamp)
  return new Map(found.map(({ partition, offset }) => [partition, offset]))
}
