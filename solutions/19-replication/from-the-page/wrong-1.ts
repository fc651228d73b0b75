// From the page alone. First verdict: failed, visible-below-floor: one broker has this record, and consumers get it.
// Wrong: min.insync.replicas is taken to refuse acks=all and nothing else: the high watermark moves on below the floor, too.
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

const floorOf = (c: Cluster): number => Math.min(c.minInsyncReplicas, c.replicas.length)

function withIsr(c: Cluster, isr: number[]): Cluster {
  if (isr.length === c.isr.length && isr.every((b) => c.isr.includes(b))) return c
  const known = [...new Set([...c.isr, ...c.elr])]
  return { ...c, isr, elr: isr.length >= floorOf(c) ? [] : known.filter((b) => !isr.includes(b)) }
}

function withReplica(c: Cluster, broker: number, change: Partial<Replica>): Cluster {
  const replica = c.brokers[broker]
  if (replica === undefined) return c
  return { ...c, brokers: { ...c.brokers, [broker]: { ...replica, ...change } } }
}

function withLeader(c: Cluster): Cluster {
  if (c.leader !== null && c.brokers[c.leader]?.alive) return c
  const leader = elect(c)
  if (leader === null || c.isr.includes(leader)) return { ...c, leader }
  const led = withIsr({ ...c, leader }, [leader])
  if (c.elr.includes(leader)) return led
  return { ...led, highWatermark: Math.min(c.highWatermark, c.brokers[leader]?.log.length ?? 0) }
}

function happen(c: Cluster, event: ReplEvent): Cluster {
  const leaderLog = c.leader === null ? undefined : c.brokers[c.leader]?.log
  if (event.type === 'write') {
    if (c.leader === null || leaderLog === undefined || 'error' in canAck(c, event.acks)) return c
    return withReplica(c, c.leader, { log: [...leaderLog, event.record] })
  }
  if (event.type === 'fetch') {
    if (leaderLog === undefined || event.broker === c.leader || !c.brokers[event.broker]?.alive) return c
    const fetched = withReplica(c, event.broker, { log: [...leaderLog], caughtUpAt: c.now })
    return c.isr.includes(event.broker) ? fetched : withIsr(fetched, [...c.isr, event.broker])
  }
  if (event.type === 'tick') {
    const now = c.now + event.ms
    const late = (b: number): boolean => {
      const follower = c.brokers[b]
      if (b === c.leader || follower === undefined || leaderLog === undefined) return false
      const lacks = leaderLog.some((record, offset) => follower.log[offset] !== record)
      return lacks && now - follower.caughtUpAt > c.replicaLagTimeMaxMs
    }
    return withIsr(
      { ...c, now },
      c.isr.filter((b) => !late(b)),
    )
  }
  if (event.type === 'fail') {
    const failed = withReplica(c, event.broker, { alive: false })
    return withLeader(
      withIsr(
        failed,
        failed.isr.filter((b) => b !== event.broker),
      ),
    )
  }
  return withLeader(withReplica(c, event.broker, { alive: true }))
}

export function step(cluster: Cluster, event: ReplEvent): Cluster {
  const after = happen(cluster, event)
  let highWatermark = after.highWatermark
  // a record is committed when the whole ISR has it, and when the ISR is the leader alone, then the leader's copy is enough
  const log = after.leader === null ? undefined : after.brokers[after.leader]?.log
  if (log !== undefined) {
    const lacking = log.findIndex((record, offset) =>
      after.isr.some((b) => after.brokers[b]?.log[offset] !== record),
    )
    highWatermark = lacking === -1 ? log.length : lacking
  }
  return { ...after, highWatermark, underReplicated: after.isr.length < after.replicas.length }
}

export function canAck(cluster: Cluster, acks: Acks): AckResult {
  if (cluster.leader === null) return { error: 'LEADER_NOT_AVAILABLE' }
  if (acks === 0) return { waitsFor: [] }
  if (acks === 1) return { waitsFor: [cluster.leader] }
  if (cluster.isr.length < floorOf(cluster)) return { error: 'NOT_ENOUGH_REPLICAS' }
  return { waitsFor: [...cluster.isr] }
}

export function elect(cluster: Cluster): number | null {
  const alive = cluster.replicas.filter((b) => cluster.brokers[b]?.alive)
  const clean = alive.find((b) => cluster.isr.includes(b)) ?? alive.find((b) => cluster.elr.includes(b))
  return clean ?? (cluster.uncleanLeaderElection ? (alive[0] ?? null) : null)
}
