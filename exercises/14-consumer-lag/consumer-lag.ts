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
  throw new Error('TODO computeLag: one row for each partition of the topic')
}

/** Reads two or more samples, in order of time, of a group with `members` members on a topic with `partitions`. */
export function diagnose(samples: LagSample[], partitions: number, members: number): Diagnosis {
  throw new Error('TODO diagnose: total, trend, stuck partitions, advice')
}
