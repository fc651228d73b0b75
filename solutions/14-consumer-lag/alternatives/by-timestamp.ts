// Another way: the end is asked for by a time that has not come, partitions come from the metadata, advice from a table.

import type { Admin } from 'kafkajs'

export interface LagRow {
  partition: number
  committed: string | null
  end: string
  lag: string
}

export type LagSample = LagRow[]

export interface Diagnosis {
  total: string
  trend: 'none' | 'growing' | 'shrinking' | 'stable'
  stuck: number[]
  advice: 'leave-alone' | 'start-members' | 'unblock' | 'add-members' | 'speed-up'
  addUpTo: number
}

export async function computeLag(admin: Admin, group: string, topic: string): Promise<LagRow[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const partitions = (topics[0]?.partitions ?? []).map(({ partitionId }) => partitionId)
  const commits = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  // -2 is what the protocol calls the start of the log. A time would give the first record that compaction has left.
  const starts = byPartition(await admin.fetchTopicOffsetsByTimestamp(topic, -2))
  // No record is younger than that, so the broker names the end of the log.
  const ends = byPartition(await admin.fetchTopicOffsetsByTimestamp(topic, Date.now() + 86_400_000))
  const offsets = byPartition(commits.flatMap((one) => one.partitions))
  return partitions.map((partition) => {
    const offset = offsets.get(partition) ?? -1n
    const end = ends.get(partition) ?? 0n
    const committed = offset >= 0n ? offset : null
    const lag = end - (committed ?? starts.get(partition) ?? 0n)
    return { partition, committed: committed?.toString() ?? null, end: `${end}`, lag: `${lag}` }
  })
}

function byPartition(offsets: { partition: number; offset: string }[]): Map<number, bigint> {
  return new Map(offsets.map(({ partition, offset }) => [partition, BigInt(offset)]))
}

interface State {
  trend: Diagnosis['trend']
  stuck: number[]
  members: number
  partitions: number
}

/** The first rule that holds gives the advice. */
const RULES: [holds: (state: State) => boolean, advice: Diagnosis['advice']][] = [
  [({ trend }) => trend === 'none', 'leave-alone'],
  [({ members }) => members === 0, 'start-members'],
  [({ stuck }) => stuck.length > 0, 'unblock'],
  [({ trend }) => trend === 'shrinking', 'leave-alone'],
  [({ members, partitions }) => members < partitions, 'add-members'],
  [() => true, 'speed-up'],
]

export function diagnose(samples: LagSample[], partitions: number, members: number): Diagnosis {
  const totals = samples.map((rows) => rows.reduce((sum, row) => sum + BigInt(row.lag), 0n))
  const first = totals.at(0) ?? 0n
  const last = totals.at(-1) ?? 0n
  const stuck = new Set((samples[0] ?? []).map(({ partition }) => partition))
  for (const [index, rows] of samples.entries()) {
    for (const { partition, committed, lag } of rows) {
      const before = samples[index - 1]?.find((row) => row.partition === partition)
      if (BigInt(lag) === 0n || (before && before.committed !== committed)) stuck.delete(partition)
    }
  }
  const state = { trend: trendOf(first, last), stuck: [...stuck].sort((a, b) => a - b), members, partitions }
  const advice = RULES.find(([holds]) => holds(state))?.[1] ?? 'speed-up'
  const addUpTo = advice === 'add-members' || advice === 'start-members' ? partitions - members : 0
  return { total: `${last}`, trend: state.trend, stuck: state.stuck, advice, addUpTo }
}

function trendOf(first: bigint, last: bigint): Diagnosis['trend'] {
  if (last === 0n) return 'none'
  if (10n * last > 11n * first) return 'growing'
  if (10n * last < 9n * first) return 'shrinking'
  return 'stable'
}
