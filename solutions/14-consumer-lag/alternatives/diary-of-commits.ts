// Another way: a diary of the commits of each partition; who has one line only stands still. Advice from a table.

import type { Admin } from 'kafkajs'

/** How far a group is in one partition. Offsets and lag are text, as in kafkajs. */
export interface LagRow {
  partition: number
  /** The committed offset, or null when the group has none here. */
  committed: string | null
  /** The end of the log: the next offset to be written. */
  end: string
  /** `end` − `committed`; without a commit, everything that is stored. */
  lag: string
}

/** The rows of all partitions at one moment. */
export type LagSample = LagRow[]

/** What some samples say about a group. */
export interface Diagnosis {
  /** The lag of all partitions together in the last sample. */
  total: string
  /** Where the total goes, from the first sample to the last. */
  trend: 'none' | 'growing' | 'shrinking' | 'stable'
  /** Partitions that do not move although there is something to read, in rising order. */
  stuck: number[]
  advice: 'leave-alone' | 'start-members' | 'unblock' | 'add-members' | 'speed-up'
  /** How many members can be added, at most, so that each of them gets a partition; 0 when more do not help. */
  addUpTo: number
}

/** Asks the broker how far `group` is in every partition of `topic`. Changes nothing. The admin is connected. */
export function computeLag(admin: Admin, group: string, topic: string): Promise<LagRow[]> {
  // The commits first: a commit made in between may make the lag a little too large, but never negative.
  return admin
    .fetchOffsets({ groupId: group, topics: [topic] })
    .then((answer) => answer.flatMap(({ topic: name, partitions }) => (name === topic ? partitions : [])))
    .then((commits) => new Map(commits.map(({ partition, offset }) => [partition, BigInt(offset)] as const)))
    .then((commits) =>
      admin.fetchTopicOffsets(topic).then((logs) =>
        logs.map(({ partition, low, high }): LagRow => {
          const commit = commits.get(partition) ?? -1n
          return commit < 0n
            ? { partition, committed: null, end: high, lag: `${BigInt(high) - BigInt(low)}` }
            : { partition, committed: `${commit}`, end: high, lag: `${BigInt(high) - commit}` }
        }),
      ),
    )
}

const sum = (sample: LagSample): bigint => sample.reduce((all, { lag }) => all + BigInt(lag), 0n)

/** Ten times the change, compared with the first: no fractions, and right for numbers of any size. */
function trendOf(first: bigint, last: bigint): Diagnosis['trend'] {
  const tenfold = 10n * (last - first)
  switch (true) {
    case last === 0n:
      return 'none'
    case tenfold > first:
      return 'growing'
    case -tenfold > first:
      return 'shrinking'
    default:
      return 'stable'
  }
}

/** What each partition was seen to do, written down as text; who always had lag and has one line only stands still. */
function* standingStill(samples: LagSample[]): Generator<number> {
  const diary = new Map<number, string[]>()
  for (const { partition, committed, lag } of samples.flat()) {
    if (BigInt(lag) <= 0n) continue
    diary.set(partition, [...(diary.get(partition) ?? []), committed ?? 'never'])
  }
  for (const partition of [...diary.keys()].sort((a, b) => a - b)) {
    const lines = diary.get(partition) ?? []
    if (lines.length === samples.length && new Set(lines).size === 1) yield partition
  }
}

/** Reads two or more samples, in order of time, of a group with `members` members on a topic with `partitions`. */
export function diagnose(samples: LagSample[], partitions: number, members: number): Diagnosis {
  const total = sum(samples.at(-1) ?? [])
  const trend = trendOf(sum(samples.at(0) ?? []), total)
  const stuck = [...standingStill(samples)]
  const table: [fits: boolean, advice: Diagnosis['advice'], addUpTo: number][] = [
    [total === 0n, 'leave-alone', 0],
    [members === 0, 'start-members', partitions],
    [stuck.length > 0, 'unblock', 0],
    [trend === 'shrinking', 'leave-alone', 0],
    [members < partitions, 'add-members', partitions - members],
  ]
  const row = table.find(([fits]) => fits)
  return { total: String(total), trend, stuck, advice: row?.[1] ?? 'speed-up', addUpTo: row?.[2] ?? 0 }
}
