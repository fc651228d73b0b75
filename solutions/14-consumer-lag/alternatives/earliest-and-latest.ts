// Another way: both ends are asked for by their special timestamps, all commits of the group are read, and a class watches.

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

/** The protocol's own name for «the first offset that is still stored», in the place of a timestamp. */
const EARLIEST = -2

const NO_OFFSET = /^-/

/** Asks the broker how far `group` is in every partition of `topic`. Changes nothing. The admin is connected. */
export async function computeLag(admin: Admin, group: string, topic: string): Promise<LagRow[]> {
  // Everything that the group has ever committed, whatever the topic. What is not in it has no commit.
  const committed: Record<number, string> = {}
  for (const each of await admin.fetchOffsets({ groupId: group })) {
    if (each.topic !== topic) continue
    for (const { partition, offset } of each.partitions) {
      if (!NO_OFFSET.test(offset)) committed[partition] = offset
    }
  }

  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const start: Record<number, string> = {}
  const end: Record<number, string> = {}
  for (const first of await admin.fetchTopicOffsetsByTimestamp(topic, EARLIEST))
    start[first.partition] = first.offset
  for (const next of await admin.fetchTopicOffsetsByTimestamp(topic)) end[next.partition] = next.offset

  const rows: LagRow[] = []
  for (const { partitionId: partition } of topics.flatMap((described) => described.partitions)) {
    const to = end[partition]
    if (to === undefined) throw new Error(`nobody knows the end of partition ${partition} of ${topic}`)
    const from = committed[partition] ?? start[partition] ?? to
    rows.push({
      partition,
      committed: committed[partition] ?? null,
      end: to,
      lag: (BigInt(to) - BigInt(from)).toString(),
    })
  }
  return rows
}

/** One look at the group after the other; what it remembers of all of them is little. */
class Watch {
  #looks = 0
  #first = 0n
  #last = 0n
  /** Partitions that had lag and the same commit in every look so far. */
  #still = new Map<number, string | null>()

  look(sample: LagSample): this {
    this.#last = 0n
    const behind = new Map<number, string | null>()
    for (const { partition, committed, lag } of sample) {
      this.#last += BigInt(lag)
      if (BigInt(lag) > 0n) behind.set(partition, committed)
    }
    if (this.#looks++ === 0) {
      this.#first = this.#last
      this.#still = behind
    } else {
      for (const [partition, committed] of this.#still) {
        if (!behind.has(partition) || behind.get(partition) !== committed) this.#still.delete(partition)
      }
    }
    return this
  }

  get total(): bigint {
    return this.#last
  }

  get stuck(): number[] {
    return Array.from(this.#still.keys()).sort((a, b) => a - b)
  }

  get trend(): Diagnosis['trend'] {
    if (this.#last === 0n) return 'none'
    if (10n * this.#last > 11n * this.#first) return 'growing'
    if (10n * this.#last < 9n * this.#first) return 'shrinking'
    return 'stable'
  }

  advise(partitions: number, members: number): Pick<Diagnosis, 'advice' | 'addUpTo'> {
    if (this.#last === 0n) return { advice: 'leave-alone', addUpTo: 0 }
    if (members === 0) return { advice: 'start-members', addUpTo: partitions }
    if (this.#still.size > 0) return { advice: 'unblock', addUpTo: 0 }
    if (this.trend === 'shrinking') return { advice: 'leave-alone', addUpTo: 0 }
    const free = Math.max(0, partitions - members)
    return { advice: free > 0 ? 'add-members' : 'speed-up', addUpTo: free }
  }
}

/** Reads two or more samples, in order of time, of a group with `members` members on a topic with `partitions`. */
export function diagnose(samples: LagSample[], partitions: number, members: number): Diagnosis {
  const watch = samples.reduce((watching, sample) => watching.look(sample), new Watch())
  return {
    total: watch.total.toString(),
    trend: watch.trend,
    stuck: watch.stuck,
    ...watch.advise(partitions, members),
  }
}
