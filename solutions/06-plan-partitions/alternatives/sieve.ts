// Filters instead of arithmetic: every partition of the larger topic is tried against every one of the smaller.

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
  const { peakPerSecond, headroomPercent, members } = load
  const needs = {} as Record<Limit, number>
  const divide = (capacity: number) => {
    const whole = peakPerSecond * (100 + headroomPercent)
    const rest = whole % (capacity * 100)
    return (whole - rest) / (capacity * 100) + (rest > 0 ? 1 : 0)
  }
  needs.producers = divide(load.writtenPerPartition)
  needs.consumers = divide(load.handledPerConsumer)
  needs.members = members
  let limit: Limit = 'producers'
  if (needs.consumers > needs[limit]) limit = 'consumers'
  if (needs.members > needs[limit]) limit = 'members'
  return { needs, limit, partitions: needs[limit] }
}

export function remap(keys: string[], from: number, to: number): RemapReport {
  if (to < from) throw new Error('INVALID_PARTITIONS')
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)
  const place = Partitioners.DefaultPartitioner()
  const broker = { leader: 1, partitionErrorCode: 0, replicas: [1], isr: [1], offlineReplicas: [] }
  const [before, after] = [from, to].map((count) => {
    const partitionMetadata = numbers(count).map((partitionId) => ({ ...broker, partitionId }))
    return (key: string) =>
      place({ topic: '', partitionMetadata, message: { key: Buffer.from(key), value: '' } })
  }) as [(key: string) => number, (key: string) => number]
  const divisor = numbers(from + 1)
    .slice(1)
    .findLast((one) => from % one === 0 && to % one === 0) as number
  const moves = keys.map((key) => ({ key, from: before(key), to: after(key) }))
  const share = moves.reduce((sum, move) => sum + Number(move.from !== move.to), 0) / (keys.length || 1)
  return {
    keys: moves.map((move) => ({
      ...move,
      holds: numbers(to).filter((one) => one === move.from || one === move.to),
    })),
    movedShare: share,
    reachable: numbers(from).map((old) => numbers(to).filter((one) => (one - old) % divisor === 0)),
    orderAtRisk: share > 0,
  }
}
