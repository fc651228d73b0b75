// Another way: every target is an aim, cut to the log afterwards; the commits are read before and after.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** Where a group shall begin to read. */
export type Target =
  | { kind: 'earliest' }
  | { kind: 'latest' }
  /** The first record that is stamped with this time or a later one, in milliseconds since 1970. */
  | { kind: 'timestamp'; timestamp: number }
  /** So many offsets on from the commit; back, when it is negative. */
  | { kind: 'shift'; by: number }

/** What would happen to one partition. Offsets are text, as in kafkajs. */
export interface ResetRow {
  partition: number
  /** The committed offset, or null when the group has none here. */
  committed: string | null
  /** The offset that is to be committed instead. */
  to: string
}

/** Says what would be set. Nothing is, until it is applied. */
export interface ResetPlan {
  group: string
  topic: string
  /** One for each partition of the topic. */
  rows: ResetRow[]
}

/** What the inventory service can do. It outlives the process. */
export interface Shop {
  /** How many copies are reserved for an order, or null when none ever were. */
  reserved(orderId: string): Promise<number | null>
  /** From now on, so many copies are reserved for it. */
  reserve(orderId: string, copies: number): Promise<void>
  /** Sends the reader a confirmation. */
  mail(orderId: string): Promise<void>
}

/** A partition as it is now. An offset that is no place, like -1 or -2, is no commit. */
interface Standing {
  partition: number
  committed: bigint | null
  low: bigint
  high: bigint
}

/** Says for a partition where the target is. It may lie outside of the log, and is brought back afterwards. */
type Aim = (standing: Standing) => bigint

/** A dry run: asks where `group` stands in `topic` and where it would begin, and changes nothing. The admin is connected. */
export async function planReset(admin: Admin, group: string, topic: string, to: Target): Promise<ResetPlan> {
  const members = await membersOf(admin, group)
  if (members > 0) throw new Error(`group ${group} has ${members} members`)

  const commits = await commitsOf(admin, group, topic)
  const aim = await aimAt(admin, topic, to)
  const log = await admin.fetchTopicOffsets(topic)

  const rows = log.map(({ partition, low, high }): ResetRow => {
    const committed = commits.get(partition) ?? null
    const standing: Standing = { partition, committed, low: BigInt(low), high: BigInt(high) }
    const wanted = aim(standing)
    const within = wanted < standing.low ? standing.low : wanted > standing.high ? standing.high : wanted
    return { partition, committed: committed === null ? null : String(committed), to: String(within) }
  })
  return { group, topic, rows }
}

/** Commits what the plan says. Rejects when the group has members, or has moved since the plan was made. */
export async function applyReset(admin: Admin, plan: ResetPlan): Promise<void> {
  const { group, topic, rows } = plan
  if ((await membersOf(admin, group)) > 0) throw new Error(`somebody is at work in ${group}`)

  const before = await commitsOf(admin, group, topic)
  const moved = rows.filter(({ partition, committed }) => text(before.get(partition)) !== committed)
  if (moved.length > 0) throw new Error(`${group} has moved: ${JSON.stringify(moved)}`)

  const partitions = rows.map(({ partition, to }) => ({ partition, offset: to }))
  const late = sleep(60_000, undefined, { ref: false }).then(() => {
    throw new Error('setOffsets does not come back')
  })
  await Promise.race([admin.setOffsets({ groupId: group, topic, partitions }), late])

  const after = await commitsOf(admin, group, topic)
  const left = rows.filter(({ partition, to }) => text(after.get(partition)) !== to)
  if (left.length > 0) throw new Error(`${group} does not stand where it should: ${JSON.stringify(left)}`)
}

/** Reserves the copies of an order and tells the reader. May be handed the same event again, years later. */
export async function handleOrder({ orderId, data }: BookEvent, shop: Shop): Promise<void> {
  const before = await shop.reserved(orderId)
  await shop.reserve(orderId, data.qty)
  if (before === null) await shop.mail(orderId)
}

async function aimAt(admin: Admin, topic: string, to: Target): Promise<Aim> {
  switch (to.kind) {
    case 'earliest':
      return ({ low }) => low
    case 'latest':
      return ({ high }) => high
    case 'shift':
      return ({ partition, committed }) => {
        if (committed === null) throw new Error(`partition ${partition} has no commit to shift`)
        return committed + BigInt(to.by)
      }
    case 'timestamp': {
      // Below zero are no moments for Kafka, but codes: -1 is the end of the log, -2 its start.
      const found = await admin.fetchTopicOffsetsByTimestamp(topic, Math.max(0, Math.ceil(to.timestamp)))
      const first = new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]))
      return ({ partition, high }) => first.get(partition) ?? high
    }
  }
}

async function membersOf(admin: Admin, group: string): Promise<number> {
  const { groups } = await admin.describeGroups([group])
  return groups.reduce(
    (sum, { members, state }) =>
      sum + (state === 'Empty' || state === 'Dead' ? 0 : Math.max(1, members.length)),
    0,
  )
}

/** Only the partitions that have a commit. */
async function commitsOf(admin: Admin, group: string, topic: string): Promise<Map<number, bigint>> {
  const topics = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  return new Map(
    topics
      .flatMap(({ partitions }) => partitions)
      .map(({ partition, offset }): [number, bigint] => [partition, BigInt(offset)])
      .filter(([, offset]) => offset >= 0n),
  )
}

function text(offset: bigint | undefined): string | null {
  return offset === undefined ? null : String(offset)
}
