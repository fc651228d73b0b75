// The growing is done in steps: a partition that a key can reach is one that an example finds.

import { Partitioners } from 'kafkajs'

export interface Load {
  averagePerSecond: number
  peakPerSecond: number
  headroomPercent: number
  writtenPerPartition: number
  handledPerConsumer: number
  members: number
}

export type Limit = 'producers' | 'consumers' | 'members'

export interface PartitionPlan {
  partitions: number
  needs: Record<Limit, number>
  limit: Limit
}

export interface KeyMove {
  key: string
  from: number
  to: number
  holds: number[]
}

export interface RemapReport {
  keys: KeyMove[]
  movedShare: number
  reachable: number[][]
  orderAtRisk: boolean
}

type Metadata = Parameters<ReturnType<typeof Partitioners.DefaultPartitioner>>[0]['partitionMetadata']

/** A topic of so many partitions, and where it puts keys. */
class Topic {
  readonly size: number
  private readonly choose = Partitioners.DefaultPartitioner()
  private readonly partitions: Metadata

  constructor(size: number) {
    this.size = size
    this.partitions = [...Array(size).keys()].map(
      (partitionId) => ({ partitionId, leader: 1, replicas: [1], isr: [1] }) as unknown as Metadata[number],
    )
  }

  placeOf(key: string): number {
    return this.choose({ topic: 't', partitionMetadata: this.partitions, message: { key, value: '' } })
  }

  /** The places in a topic that is larger, for hashes that this one puts on `partition`. */
  growsInto(larger: Topic, partition: number): number[] {
    const places = new Set<number>()
    for (let hash = partition; !places.has(hash % larger.size); hash += this.size)
      places.add(hash % larger.size)
    return [...places].sort((a, b) => a - b)
  }
}

export const planPartitions = (load: Load): PartitionPlan => {
  const needed = Math.round(load.peakPerSecond * (100 + load.headroomPercent))
  const up = (capacity: number) => {
    let count = 1
    while (count * capacity * 100 < needed) count += 1
    return count
  }
  const ranking: [Limit, number][] = [
    ['producers', up(load.writtenPerPartition)],
    ['consumers', up(load.handledPerConsumer)],
    ['members', load.members],
  ]
  // Sorting keeps the order of equal ones.
  const [[limit, partitions]] = ranking.toSorted(([, a], [, b]) => b - a) as [[Limit, number]]
  return { limit, partitions, needs: Object.fromEntries(ranking) as PartitionPlan['needs'] }
}

export const remap = (keys: string[], from: number, to: number): RemapReport => {
  const [small, large] = [new Topic(from), new Topic(to)]
  if (large.size < small.size) throw new Error('no topic shrinks')
  const moves = keys.map((key) => {
    const [here, there] = [small.placeOf(key), large.placeOf(key)]
    return {
      key,
      from: here,
      to: there,
      holds: here === there ? [here] : [here, there].sort((a, b) => a - b),
    }
  })
  const moved = moves.filter(({ holds }) => holds.length > 1)
  return {
    keys: moves,
    movedShare: moves.length && moved.length / moves.length,
    reachable: [...Array(from).keys()].map((partition) => small.growsInto(large, partition)),
    orderAtRisk: moved.length > 0,
  }
}
