// One function for each event, all of them working on a copy.

export interface Replica {
  alive: boolean
  log: string[]
  caughtUpAt: number
}

export interface Cluster {
  replicas: number[]
  minInsyncReplicas: number
  replicaLagTimeMaxMs: number
  uncleanLeaderElection: boolean
  now: number
  brokers: Record<number, Replica>
  leader: number | null
  isr: number[]
  elr: number[]
  highWatermark: number
  underReplicated: boolean
}

export type Acks = 0 | 1 | 'all'

export type AckResult = { waitsFor: number[] } | { error: 'NOT_ENOUGH_REPLICAS' | 'LEADER_NOT_AVAILABLE' }

export type ReplEvent =
  | { type: 'write'; record: string; acks: Acks }
  | { type: 'fetch'; broker: number }
  | { type: 'tick'; ms: number }
  | { type: 'fail'; broker: number }
  | { type: 'return'; broker: number }

export function elect(cluster: Cluster): number | null {
  const { replicas, brokers, isr, elr, uncleanLeaderElection } = cluster
  const alive = replicas.filter((id) => brokers[id]?.alive)
  const inSync = alive.find((id) => isr.includes(id))
  if (inSync !== undefined) return inSync
  const eligible = alive.find((id) => elr.includes(id))
  if (eligible !== undefined) return eligible
  return uncleanLeaderElection ? (alive[0] ?? null) : null
}

export function canAck(cluster: Cluster, acks: Acks): AckResult {
  const { leader, isr, replicas, minInsyncReplicas } = cluster
  if (leader === null) return { error: 'LEADER_NOT_AVAILABLE' }
  if (acks === 0) return { waitsFor: [] }
  if (acks === 1) return { waitsFor: [leader] }
  if (isr.length < Math.min(minInsyncReplicas, replicas.length)) return { error: 'NOT_ENOUGH_REPLICAS' }
  return { waitsFor: isr }
}

export function step(cluster: Cluster, event: ReplEvent): Cluster {
  const next = structuredClone(cluster)
  if (event.type === 'write') write(next, event.record, event.acks)
  if (event.type === 'fetch') fetch(next, event.broker)
  if (event.type === 'tick') tick(next, event.ms)
  if (event.type === 'fail') fail(next, event.broker)
  if (event.type === 'return') comeBack(next, event.broker)
  moveHighWatermark(next)
  next.underReplicated = next.isr.length < next.replicas.length
  return next
}

function write(next: Cluster, record: string, acks: Acks): void {
  if ('error' in canAck(next, acks)) return
  logOf(next, next.leader).push(record)
}

function fetch(next: Cluster, id: number): void {
  const broker = next.brokers[id]
  if (next.leader === null || next.leader === id || !broker?.alive) return
  broker.log = [...logOf(next, next.leader)]
  broker.caughtUpAt = next.now
  if (!next.isr.includes(id)) changeIsr(next, [...next.isr, id])
}

function tick(next: Cluster, ms: number): void {
  next.now += ms
  if (next.leader === null) return
  const end = logOf(next, next.leader).length
  const late = next.isr.filter((id) => {
    const waited = next.now - (next.brokers[id]?.caughtUpAt ?? 0)
    return shared(next, id) < end && waited > next.replicaLagTimeMaxMs
  })
  changeIsr(
    next,
    next.isr.filter((id) => !late.includes(id)),
  )
}

function fail(next: Cluster, id: number): void {
  const broker = next.brokers[id]
  if (!broker) return
  broker.alive = false
  changeIsr(
    next,
    next.isr.filter((one) => one !== id),
  )
  if (next.leader === id || next.leader === null) chooseLeader(next)
}

function comeBack(next: Cluster, id: number): void {
  const broker = next.brokers[id]
  if (!broker) return
  broker.alive = true
  if (next.leader === null) chooseLeader(next)
}

function chooseLeader(next: Cluster): void {
  next.leader = elect(next)
  if (next.leader === null) return
  if (!next.isr.includes(next.leader)) next.isr = [next.leader]
  next.elr = next.elr.filter((id) => id !== next.leader)
  next.highWatermark = Math.min(next.highWatermark, logOf(next, next.leader).length)
}

function changeIsr(next: Cluster, isr: number[]): void {
  const before = new Set([...next.isr, ...next.elr])
  const isEnough = isr.length >= Math.min(next.minInsyncReplicas, next.replicas.length)
  next.elr = isEnough ? [] : [...before].filter((id) => !isr.includes(id))
  next.isr = isr
}

function moveHighWatermark(next: Cluster): void {
  if (next.leader === null) return
  if (next.isr.length < Math.min(next.minInsyncReplicas, next.replicas.length)) return
  const everywhere = Math.min(...next.isr.map((id) => shared(next, id)))
  next.highWatermark = Math.max(next.highWatermark, everywhere)
}

function shared(next: Cluster, id: number): number {
  const log = logOf(next, id)
  let count = 0
  for (const record of logOf(next, next.leader)) {
    if (log[count] !== record) break
    count += 1
  }
  return count
}

function logOf(next: Cluster, id: number | null): string[] {
  return next.brokers[id ?? -1]?.log ?? []
}
