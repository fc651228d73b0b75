// Another way: each side is a row of a table, and a generator walks through the pairs of remainders until they repeat.

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

/** Whole division, rounded up; `%` is exact for whole numbers. */
function times(load: number, each: number): number {
  const rest = load % each
  return (load - rest) / each + (rest > 0 ? 1 : 0)
}

/** How each side turns the load into a number of partitions; in the order in which they win a tie. */
const SIDES: ReadonlyArray<readonly [Limit, (load: Load, hundredths: number) => number]> = [
  ['producers', (load, hundredths) => times(hundredths, load.writtenPerPartition * 100)],
  ['consumers', (load, hundredths) => times(hundredths, load.handledPerConsumer * 100)],
  ['members', (load) => load.members],
]

export function planPartitions(load: Load): PartitionPlan {
  const hundredths = load.peakPerSecond * (100 + load.headroomPercent)
  const counted = SIDES.map(([side, need]) => ({ side, need: need(load, hundredths) }))
  const partitions = Math.max(...counted.map(({ need }) => need))
  const needs = Object.fromEntries(counted.map(({ side, need }) => [side, need])) as Record<Limit, number>
  // toSorted is stable: of several equal ones, the first stays the first.
  const limit = counted.toSorted((a, b) => b.need - a.need)[0]?.side ?? 'producers'
  return { partitions, needs, limit }
}

/** Asks the partitioner of kafkajs itself, as a producer of a topic with so many partitions would. */
function asker(partitions: number): (key: string) => number {
  const choose = Partitioners.DefaultPartitioner()
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [1],
    isr: [1],
  }))
  return (key) => choose({ topic: 'any', partitionMetadata, message: { key, value: null } })
}

/** Every pair of remainders that one hash can leave. They repeat after from * to at the latest. */
function* remainders(from: number, to: number): Generator<[before: number, now: number]> {
  let [before, now] = [0, 0]
  do {
    yield [before, now]
    before = (before + 1) % from
    now = (now + 1) % to
  } while (before !== 0 || now !== 0)
}

const rising = (numbers: Iterable<number>): number[] => [...new Set(numbers)].sort((a, b) => a - b)

export function remap(keys: string[], from: number, to: number): RemapReport {
  if (to < from) throw new Error(`INVALID_PARTITIONS: ${to} is less than ${from}`)
  const [before, now] = [asker(from), asker(to)]

  const moves: KeyMove[] = []
  for (const key of keys) {
    const pair = { from: before(key), to: now(key) }
    moves.push({ key, ...pair, holds: rising(Object.values(pair)) })
  }

  const places = Array.from({ length: from }, () => new Set<number>())
  for (const [p, q] of remainders(from, to)) places[p]?.add(q)

  const away = moves.filter((move) => move.holds.length > 1).length
  return {
    keys: moves,
    movedShare: away / Math.max(1, moves.length),
    reachable: places.map(rising),
    orderAtRisk: away !== 0,
  }
}
