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

const LIMITS = ['producers', 'consumers', 'members'] as const

export function planPartitions(load: Load): PartitionPlan {
  // In hundredths of a record, so that everything stays whole: 100 * 1.1 is more than 110 in floating point.
  const wanted = load.peakPerSecond * (100 + load.headroomPercent)
  const needs = {
    producers: Math.ceil(wanted / (100 * load.writtenPerPartition)),
    consumers: Math.ceil(wanted / (100 * load.handledPerConsumer)),
    members: load.members,
  }
  const partitions = Math.max(...LIMITS.map((limit) => needs[limit]))
  const limit = LIMITS.find((one) => needs[one] === partitions) ?? 'producers'
  return { partitions, needs, limit }
}

export function remap(keys: string[], from: number, to: number): RemapReport {
  if (to < from) throw new Error(`a topic cannot shrink from ${from} to ${to} partitions`)
  const moves = keys.map((key) => moveOf(key, from, to))
  const moved = moves.filter((move) => move.from !== move.to).length
  return {
    keys: moves,
    movedShare: keys.length === 0 ? 0 : moved / keys.length,
    reachable: Array.from({ length: from }, (_, partition) => reachableFrom(partition, from, to)),
    // Old records wait on one partition while new ones are handled on another, by another member perhaps.
    orderAtRisk: moved > 0,
  }
}

function moveOf(key: string, from: number, to: number): KeyMove {
  const move = { key, from: partitionOf(key, from), to: partitionOf(key, to) }
  // Growing moves no record: what was written stays where it is.
  const holds = [...new Set([move.from, move.to])].sort((a, b) => a - b)
  return { ...move, holds }
}

/** The hash leaves the same remainder before and after, by every number that divides both counts. */
function reachableFrom(partition: number, from: number, to: number): number[] {
  const step = greatestCommonDivisor(from, to)
  return Array.from({ length: to / step }, (_, index) => (partition % step) + index * step)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

const partitioner = Partitioners.DefaultPartitioner()

/** What a producer would choose: kafkajs asks this very function. It wants to know all partitions of the topic. */
function partitionOf(key: string, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 0,
    replicas: [0],
    isr: [0],
    partitionErrorCode: 0,
  }))
  return partitioner({ topic: 'any', partitionMetadata, message: { key, value: null } })
}
