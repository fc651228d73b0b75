// Changes the cluster that it is given, and returns it; one table of what each event does.

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

const atLeast = (cluster: Cluster) => Math.min(cluster.minInsyncReplicas, cluster.replicas.length)
const copyOf = (cluster: Cluster, id: number | null) => cluster.brokers[id ?? -1] as Replica

type Does = { [Type in ReplEvent['type']]: (cluster: Cluster, event: ReplEvent & { type: Type }) => void }

const does: Does = {
  write: (cluster, { record, acks }) => {
    if ('waitsFor' in canAck(cluster, acks)) copyOf(cluster, cluster.leader).log.push(record)
  },
  fetch: (cluster, { broker }) => {
    const copy = copyOf(cluster, broker)
    if (cluster.leader === null || cluster.leader === broker || !copy.alive) return
    copy.log.splice(0, copy.log.length, ...copyOf(cluster, cluster.leader).log)
    copy.caughtUpAt = cluster.now
    if (!cluster.isr.includes(broker)) cluster.isr.push(broker)
    if (cluster.isr.length >= atLeast(cluster)) cluster.elr = []
    else cluster.elr = cluster.elr.filter((id) => id !== broker)
  },
  tick: (cluster, { ms }) => {
    cluster.now += ms
    if (cluster.leader === null) return
    for (const id of [...cluster.isr]) {
      const late = cluster.now - copyOf(cluster, id).caughtUpAt > cluster.replicaLagTimeMaxMs
      if (late && common(cluster, id) < copyOf(cluster, cluster.leader).log.length) leaveIsr(cluster, id)
    }
  },
  fail: (cluster, { broker }) => {
    copyOf(cluster, broker).alive = false
    leaveIsr(cluster, broker)
    if (cluster.leader === broker) cluster.leader = null
    lead(cluster)
  },
  return: (cluster, { broker }) => {
    copyOf(cluster, broker).alive = true
    lead(cluster)
  },
}

function leaveIsr(cluster: Cluster, id: number): void {
  if (!cluster.isr.includes(id)) return
  cluster.isr.splice(cluster.isr.indexOf(id), 1)
  if (cluster.isr.length < atLeast(cluster)) cluster.elr.push(id)
}

function lead(cluster: Cluster): void {
  if (cluster.leader !== null) return
  cluster.leader = elect(cluster)
  if (cluster.leader === null) return
  const { leader, isr } = cluster
  if (!isr.includes(leader)) cluster.isr = [leader]
  cluster.elr = cluster.elr.filter((id) => id !== leader)
  cluster.highWatermark = Math.min(cluster.highWatermark, copyOf(cluster, leader).log.length)
}

function common(cluster: Cluster, id: number): number {
  const { log } = copyOf(cluster, id)
  let offset = 0
  while (offset < log.length && log[offset] === copyOf(cluster, cluster.leader).log[offset]) offset++
  return offset
}

export function step(cluster: Cluster, event: ReplEvent): Cluster {
  const act = does[event.type] as (cluster: Cluster, event: ReplEvent) => void
  act(cluster, event)
  const { leader, isr, highWatermark } = cluster
  if (leader !== null && isr.length >= atLeast(cluster)) {
    const everywhere = isr.map((id) => common(cluster, id)).reduce((a, b) => Math.min(a, b))
    cluster.highWatermark = Math.max(everywhere, highWatermark)
  }
  cluster.underReplicated = cluster.replicas.some((id) => !isrOf(cluster).has(id))
  return cluster
}

const isrOf = (cluster: Cluster) => new Set(cluster.isr)

export function canAck(cluster: Cluster, acks: Acks): AckResult {
  if (cluster.leader === null) return { error: 'LEADER_NOT_AVAILABLE' }
  const asked: Record<string, number[]> = { 0: [], 1: [cluster.leader], all: cluster.isr }
  const tooFew = acks === 'all' && cluster.isr.length < atLeast(cluster)
  return tooFew ? { error: 'NOT_ENOUGH_REPLICAS' } : { waitsFor: asked[acks] ?? [] }
}

export function elect(cluster: Cluster): number | null {
  const order = [cluster.isr, cluster.elr, cluster.uncleanLeaderElection ? cluster.replicas : []]
  const candidates = order.flatMap((ids) =>
    cluster.replicas.filter((id) => ids.includes(id) && copyOf(cluster, id).alive),
  )
  return candidates[0] ?? null
}
