/** What a topic has to carry. All numbers are whole, and all but headroomPercent are at least 1. */
export interface Load {
  /** Records per second, over a whole day. */
  averagePerSecond: number
  /** Records per second, in the busiest minute of the year. */
  peakPerSecond: number
  /** Growth to plan for: 20 means room for 120 percent of the peak. */
  headroomPercent: number
  /** Records per second that can be written to one partition. */
  writtenPerPartition: number
  /** Records per second that one consumer can handle. */
  handledPerConsumer: number
  /** Members of the largest group that will read the topic. */
  members: number
}

export type Limit = 'producers' | 'consumers' | 'members'

export interface PartitionPlan {
  /** Enough for all three. */
  partitions: number
  /** How many each of them needs. */
  needs: Record<Limit, number>
  /** The one that needs most; of several, the first in the order producers, consumers, members. */
  limit: Limit
}

/** Where the records of one key are when the topic has grown. */
export interface KeyMove {
  key: string
  /** The partition that its records went to, and the one that they go to now. */
  from: number
  to: number
  /** The partitions that hold records of this key once there are old and new ones, in rising order. */
  holds: number[]
}

export interface RemapReport {
  /** One row for each key, in the order given. */
  keys: KeyMove[]
  /** The share of these keys that go to another partition now, from 0 to 1. */
  movedShare: number
  /** For each old partition, in their order: where a key of it, any key, can go now. In rising order. */
  reachable: number[][]
  /** Whether the order of the events of one of these keys is at risk. */
  orderAtRisk: boolean
}

/** How many partitions a topic needs so that nobody is too slow in the busiest minute. */
export function planPartitions(load: Load): PartitionPlan {
  throw new Error('TODO planPartitions: how many partitions do producers, consumers and members need?')
}

/** What happens to keys when a topic grows from `from` to `to` partitions. Throws when it would shrink. */
export function remap(keys: string[], from: number, to: number): RemapReport {
  throw new Error('TODO remap: where is each key now, and where could it be?')
}
