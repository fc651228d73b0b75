// Another way: a table of aims; to look again is to plan again. The handler mails first.

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

/** Far before every log, and far behind it. What is aimed there lands on its edge. */
const BEFORE = -1n
const BEHIND = 2n ** 63n

type Offsets = Record<number, bigint>

const read = (entries: readonly { partition: number; offset: string }[]): Offsets =>
  Object.fromEntries(entries.map(({ partition, offset }) => [partition, BigInt(offset)]))

const commitsOf = (admin: Admin, groupId: string, topic: string): Promise<Offsets> =>
  admin
    .fetchOffsets({ groupId, topics: [topic] })
    .then((topics) => read(topics.find((one) => one.topic === topic)?.partitions ?? []))

/** Where each partition would begin, not yet kept within the log. A moment before 1970 is before every record. */
const AIMS: {
  [K in Target['kind']]: (
    target: Extract<Target, { kind: K }>,
    admin: Admin,
    topic: string,
  ) => Promise<(partition: number, committed: bigint | null) => bigint>
} = {
  earliest: async () => () => BEFORE,
  latest: async () => () => BEHIND,
  timestamp: async ({ timestamp }, admin, topic) => {
    if (timestamp < 0) return () => BEFORE
    const found = read(await admin.fetchTopicOffsetsByTimestamp(topic, timestamp))
    return (partition) => found[partition] ?? BEHIND
  },
  shift:
    async ({ by }) =>
    (partition, committed) => {
      if (committed === null) throw new Error(`no commit to shift in partition ${partition}`)
      return committed + BigInt(by)
    },
}

function aimsOf(target: Target, admin: Admin, topic: string) {
  switch (target.kind) {
    case 'earliest':
      return AIMS.earliest(target, admin, topic)
    case 'latest':
      return AIMS.latest(target, admin, topic)
    case 'timestamp':
      return AIMS.timestamp(target, admin, topic)
    case 'shift':
      return AIMS.shift(target, admin, topic)
  }
}

/** A dry run: asks where `group` stands in `topic` and where it would begin, and changes nothing. The admin is connected. */
export async function planReset(admin: Admin, group: string, topic: string, to: Target): Promise<ResetPlan> {
  const aim = await aimsOf(to, admin, topic)
  const [log, commits, { groups }] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    commitsOf(admin, group, topic),
    admin.describeGroups([group]),
  ])
  if (groups.some(({ members, state }) => members.length > 0 || !['Empty', 'Dead'].includes(state))) {
    throw new Error(`stop all members of ${group} first`)
  }

  return {
    group,
    topic,
    rows: log.map(({ partition, low, high }) => {
      const offset = commits[partition] ?? -1n
      const committed = offset < 0n ? null : offset
      // The middle one of three is the one within the log.
      const sorted = [BigInt(low), BigInt(high), aim(partition, committed)].sort((a, b) =>
        a < b ? -1 : a > b ? 1 : 0,
      )
      return { partition, committed: committed?.toString() ?? null, to: String(sorted[1]) }
    }),
  }
}

/** Commits what the plan says. Rejects when the group has members, or has moved since the plan was made. */
export async function applyReset(admin: Admin, { group, topic, rows }: ResetPlan): Promise<void> {
  // To look again is to plan again: another plan tells what the group has committed now, and refuses members.
  const now = await planReset(admin, group, topic, { kind: 'latest' })
  const today = new Map(now.rows.map(({ partition, committed }) => [partition, committed]))
  for (const { partition, committed } of rows) {
    if ((today.get(partition) ?? null) !== committed)
      throw new Error(`partition ${partition} of ${group} has moved`)
  }

  await admin.setOffsets({
    groupId: group,
    topic,
    partitions: rows.map(({ partition, to }) => ({ partition, offset: to })),
  })

  // It resolves, whatever it has set.
  const commits = await commitsOf(admin, group, topic)
  if (!rows.every(({ partition, to }) => commits[partition] === BigInt(to))) {
    throw new Error(`${group} does not stand at the plan: somebody has slipped in`)
  }
}

/** Reserves the copies of an order and tells the reader. May be handed the same event again, years later. */
export function handleOrder(event: BookEvent, shop: Shop): Promise<void> {
  const { orderId } = event
  return shop
    .reserved(orderId)
    .then((copies) => (copies === null ? shop.mail(orderId) : undefined))
    .then(() => shop.reserve(orderId, event.data.qty))
}
