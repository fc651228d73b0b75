// From the page alone. First verdict: failed, log-begins-at-zero: what is not stored cannot be waiting for the group.
// Wrong: takes the end for a count of what is stored; a group without a commit gets the lag from offset 0, though retention has moved the start.
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
export async function computeLag(admin: Admin, group: string, topic: string): Promise<LagRow[]> {
  const offsets = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  const commits = new Map(
    offsets
      .flatMap(({ partitions }) => partitions)
      .map(({ partition, offset }) => [partition, offset] as const),
  )
  const logs = await admin.fetchTopicOffsets(topic)
  return logs.map(({ partition, high }) => {
    const offset = commits.get(partition) ?? '-1'
    const committed = BigInt(offset) < 0n ? null : offset
    // Nothing committed: nothing read yet, so all `high` records are waiting.
    return { partition, committed, end: high, lag: String(BigInt(high) - BigInt(committed ?? '0')) }
  })
}

const totalOf = (sample: LagSample | undefined): bigint => {
  let total = 0n
  for (const { lag } of sample ?? []) total += BigInt(lag)
  return total
}

/** Reads two or more samples, in order of time, of a group with `members` members on a topic with `partitions`. */
export function diagnose(samples: LagSample[], partitions: number, members: number): Diagnosis {
  const first = totalOf(samples[0])
  const last = totalOf(samples.at(-1))
  const change = (last - first) * 10n
  const trend = last === 0n ? 'none' : change > first ? 'growing' : -change > first ? 'shrinking' : 'stable'
  const stuck = (samples[0] ?? [])
    .filter(({ partition, committed }) =>
      samples.every((sample) => {
        const row = sample.find((other) => other.partition === partition)
        return row !== undefined && row.committed === committed && BigInt(row.lag) > 0n
      }),
    )
    .map(({ partition }) => partition)
    .sort((a, b) => a - b)

  const say = (advice: Diagnosis['advice'], addUpTo = 0): Diagnosis => ({
    total: String(last),
    trend,
    stuck,
    advice,
    addUpTo,
  })
  if (last === 0n) return say('leave-alone')
  if (members === 0) return say('start-members', partitions)
  if (stuck.length > 0) return say('unblock')
  if (trend === 'shrinking') return say('leave-alone')
  if (members < partitions) return say('add-members', partitions - members)
  return say('speed-up')
}
