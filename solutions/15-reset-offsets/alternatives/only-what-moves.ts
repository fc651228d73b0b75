// Another way: all questions at once, a table of targets, and only those partitions are set that shall move.
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

interface Log {
  start: bigint
  end: bigint
  commit: bigint | null
  /** The first record that is late enough. */
  since: bigint
}

const WANTED: { [K in Target['kind']]: (log: Log, target: Extract<Target, { kind: K }>) => bigint } = {
  earliest: ({ start }) => start,
  latest: ({ end }) => end,
  timestamp: ({ since }) => since,
  shift: ({ commit }, { by }) => {
    if (commit === null) throw new RangeError('a partition has no commit to shift')
    return commit + BigInt(by)
  },
}

export async function planReset(admin: Admin, group: string, topic: string, to: Target): Promise<ResetPlan> {
  const [{ groups }, commits, logs, since] = await Promise.all([
    admin.describeGroups([group]),
    admin.fetchOffsets({ groupId: group, topics: [topic] }).then(([one]) => offsetsOf(one?.partitions ?? [])),
    admin.fetchTopicOffsets(topic),
    admin.fetchTopicOffsetsByTimestamp(topic, to.kind === 'timestamp' ? to.timestamp : 0).then(offsetsOf),
  ])
  if (groups.some(({ members }) => members.length > 0)) throw new Error(`stop the members of ${group} first`)
  const wanted = WANTED[to.kind] as (log: Log, target: Target) => bigint
  const rows: ResetRow[] = []
  for (const { partition, low, high } of logs) {
    const known = commits.get(partition) ?? -1n
    const commit = known < 0n ? null : known
    const [start, end] = [BigInt(low), BigInt(high)]
    const offset = wanted({ start, end, commit, since: since.get(partition) ?? end }, to)
    const inside = [start, offset, end].sort((a, b) => (a < b ? -1 : 1))[1]
    rows.push({ partition, committed: commit === null ? null : `${commit}`, to: `${inside}` })
  }
  return { group, topic, rows }
}

export async function applyReset(admin: Admin, plan: ResetPlan): Promise<void> {
  const { groups } = await admin.describeGroups([plan.group])
  if (!['Empty', 'Dead'].includes(groups[0]?.state ?? '')) throw new Error(`${plan.group} is at work`)
  await expectCommits(admin, plan, ({ committed }) => committed)
  const moving = plan.rows.filter(({ committed, to }) => committed !== to)
  if (moving.length > 0) {
    await admin.setOffsets({
      groupId: plan.group,
      topic: plan.topic,
      partitions: moving.map(({ partition, to }) => ({ partition, offset: to })),
    })
  }
  await expectCommits(admin, plan, ({ to }) => to)
}

async function expectCommits(admin: Admin, plan: ResetPlan, column: (row: ResetRow) => string | null) {
  const found = await admin.fetchOffsets({ groupId: plan.group })
  const commits = offsetsOf(found.find(({ topic }) => topic === plan.topic)?.partitions ?? [])
  for (const row of plan.rows) {
    const commit = commits.get(row.partition) ?? -1n
    const wanted = column(row)
    if (commit !== (wanted === null ? -1n : BigInt(wanted))) {
      throw new Error(`partition ${row.partition}: expected ${wanted ?? 'no commit'}, found ${commit}`)
    }
  }
}

function offsetsOf(list: { partition: number; offset: string }[]): Map<number, bigint> {
  return new Map(list.map(({ partition, offset }) => [partition, BigInt(offset)]))
}

/** One mail for an order: it goes out before the row is there, and never when it is. */
export async function handleOrder({ orderId, data: { qty } }: BookEvent, shop: Shop): Promise<void> {
  const copies = await shop.reserved(orderId)
  if (copies === null) await shop.mail(orderId)
  if (copies !== qty) await shop.reserve(orderId, qty)
}
