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

export function step(cluster: Cluster, event: ReplEvent): Cluster {
  const changed = changedBy(cluster, event)
  return {
    ...changed,
    highWatermark: highWatermarkOf(changed),
    underReplicated: changed.isr.length < changed.replicas.length,
  }
}

function changedBy(cluster: Cluster, event: ReplEvent): Cluster {
  switch (event.type) {
    case 'write':
      return write(cluster, event.record, event.acks)
    case 'fetch':
      return fetch(cluster, event.broker)
    case 'tick':
      return withoutLaggards({ ...cluster, now: cluster.now + event.ms })
    case 'fail': {
      const isr = cluster.isr.filter((id) => id !== event.broker)
      return withLeader(withIsr(withReplica(cluster, event.broker, { alive: false }), isr))
    }
    case 'return':
      // Alive is not in sync: it has to fetch first.
      return withLeader(withReplica(cluster, event.broker, { alive: true }))
  }
}

export function canAck({ leader, isr, ...cluster }: Cluster, acks: Acks): AckResult {
  if (leader === null) return { error: 'LEADER_NOT_AVAILABLE' }
  if (acks === 0) return { waitsFor: [] }
  if (acks === 1) return { waitsFor: [leader] }
  // The minimum decides whether the question is asked, and never how many have to answer.
  return isr.length < leastInSync(cluster) ? { error: 'NOT_ENOUGH_REPLICAS' } : { waitsFor: isr }
}

export function elect({ replicas, brokers, isr, elr, uncleanLeaderElection }: Cluster): number | null {
  const alive = replicas.filter((id) => brokers[id]?.alive)
  const complete = isr.length > 0 ? isr : elr
  const [leader = uncleanLeaderElection ? alive[0] : null] = alive.filter((id) => complete.includes(id))
  return leader ?? null
}

/** More in-sync replicas than there are replicas cannot be asked for. */
function leastInSync({
  minInsyncReplicas,
  replicas,
}: Pick<Cluster, 'minInsyncReplicas' | 'replicas'>): number {
  return Math.min(minInsyncReplicas, replicas.length)
}

function write(cluster: Cluster, record: string, acks: Acks): Cluster {
  if (cluster.leader === null || 'error' in canAck(cluster, acks)) return cluster
  return withReplica(cluster, cluster.leader, { log: [...logOf(cluster, cluster.leader), record] })
}

/** What the leader does not have is cut off: a follower is a copy, and never adds anything. */
function fetch(cluster: Cluster, id: number): Cluster {
  const { leader, isr, now, brokers } = cluster
  if (leader === null || leader === id || !brokers[id]?.alive) return cluster
  const copied = withReplica(cluster, id, { log: logOf(cluster, leader), caughtUpAt: now })
  return withIsr(copied, [...isr.filter((one) => one !== id), id])
}

function withoutLaggards(cluster: Cluster): Cluster {
  const { leader, isr, now, brokers, replicaLagTimeMaxMs } = cluster
  if (leader === null) return cluster
  const end = logOf(cluster, leader).length
  // Time alone puts nobody out: a follower that has everything has nothing to catch up with.
  const isInSync = (id: number) =>
    sharedWithLeader(cluster, id) === end || now - (brokers[id]?.caughtUpAt ?? 0) <= replicaLagTimeMaxMs
  return withIsr(cluster, isr.filter(isInSync))
}

/**
 * Below the minimum nothing can become committed, so whoever leaves the ISR then keeps all that is: it stays eligible. This is
 * what PartitionChangeBuilder of Kafka does (KIP-966).
 */
function withIsr(cluster: Cluster, isr: number[]): Cluster {
  const left = [...new Set([...cluster.elr, ...cluster.isr])].filter((id) => !isr.includes(id))
  return { ...cluster, isr, elr: isr.length < leastInSync(cluster) ? left : [] }
}

/** Elects, if the partition has no leader that is alive. */
function withLeader(cluster: Cluster): Cluster {
  if (cluster.leader !== null && cluster.brokers[cluster.leader]?.alive) return cluster
  const leader = elect(cluster)
  if (leader === null) return { ...cluster, leader }
  const isr = cluster.isr.includes(leader) ? cluster.isr : [leader]
  // Only after an unclean election its log can be shorter than what consumers have seen.
  const highWatermark = Math.min(cluster.highWatermark, logOf(cluster, leader).length)
  return withIsr({ ...cluster, leader, highWatermark }, isr)
}

/** What every replica in sync has is committed, but only while there are enough of them. It never goes back. */
function highWatermarkOf(cluster: Cluster): number {
  const { leader, isr, highWatermark } = cluster
  if (leader === null || isr.length < leastInSync(cluster)) return highWatermark
  return Math.max(highWatermark, Math.min(...isr.map((id) => sharedWithLeader(cluster, id))))
}

/** How many records this broker has in common with the leader, from the first on. */
function sharedWithLeader(cluster: Cluster, id: number): number {
  const log = logOf(cluster, id)
  const leaderLog = logOf(cluster, cluster.leader)
  const firstOther = leaderLog.findIndex((record, offset) => log[offset] !== record)
  return firstOther === -1 ? leaderLog.length : firstOther
}

function logOf({ brokers }: Cluster, id: number | null): string[] {
  return (id === null ? undefined : brokers[id])?.log ?? []
}

function withReplica(cluster: Cluster, id: number, change: Partial<Replica>): Cluster {
  const replica = cluster.brokers[id]
  return replica ? { ...cluster, brokers: { ...cluster.brokers, [id]: { ...replica, ...change } } } : cluster
}
