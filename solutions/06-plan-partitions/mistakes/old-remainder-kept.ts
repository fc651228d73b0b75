// The wrong idea: the partition of a key leaves the same remainder as before, whatever it is divided by now.

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

export function planPartitions(load: Load): PartitionPlan {
  const wanted = load.peakPerSecond * (100 + load.headroomPercent)
  const producers = Math.ceil(wanted / (100 * load.writtenPerPartition))
  const consumers = Math.ceil(wanted / (100 * load.handledPerConsumer))
  const needs = { producers, consumers, members: load.members }
  const partitions = Math.max(producers, consumers, load.members)
  const limit = partitions === producers ? 'producers' : partitions === consumers ? 'consumers' : 'members'
  return { partitions, needs, limit }
}

export function remap(keys: string[], from: number, to: number): RemapReport {
  if (to < from) throw new Error('partitions cannot be taken away')
  const rows = keys.map((key) => {
    const before = partitionOf(key, from)
    const after = partitionOf(key, to)
    return {
      key,
      from: before,
      to: after,
      holds: before === after ? [before] : [before, after].sort((a, b) => a - b),
    }
  })
  const moved = rows.filter((row) => row.from !== row.to).length
  const reachable: number[][] = []
  for (let old = 0; old < from; old++) {
    const places: number[] = []
    for (let place = old; place < to; place += from) places.push(place)
    reachable.push(places)
  }
  return { keys: rows, movedShare: moved / (keys.length || 1), reachable, orderAtRisk: moved > 0 }
}

function partitionOf(key: string, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 1,
    partitionErrorCode: 0,
    replicas: [1],
    isr: [1],
  }))
  const choose = Partitioners.DefaultPartitioner()
  return choose({ topic: 'any', partitionMetadata, message: { key, value: '' } })
}
