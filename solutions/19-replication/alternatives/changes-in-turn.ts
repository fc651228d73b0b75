// Another right way: an event is a row of small changes, made one after the other.

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

type Change = (cluster: Cluster) => Cluster

const same: Change = (cluster) => cluster

/** One change after the other. */
const inTurn =
  (...changes: Change[]): Change =>
  (cluster) =>
    changes.reduce((c, change) => change(c), cluster)

const floorOf = (c: Cluster): number => Math.min(c.minInsyncReplicas, c.replicas.length)
const isAlive = (c: Cluster, broker: number | null): boolean =>
  broker !== null && c.brokers[broker]?.alive === true
const logOf = (c: Cluster, broker: number | null): string[] =>
  broker === null ? [] : (c.brokers[broker]?.log ?? [])

const setReplica =
  (broker: number, change: Partial<Replica>): Change =>
  (c) => {
    const replica = c.brokers[broker]
    return replica === undefined
      ? c
      : { ...c, brokers: { ...c.brokers, [broker]: { ...replica, ...change } } }
  }

/** The only place where the ISR changes, and the ELR with it. */
const setIsr =
  (choose: (c: Cluster) => number[]): Change =>
  (c) => {
    const isr = choose(c)
    if (isr.length === c.isr.length && isr.every((b) => c.isr.includes(b))) return c
    const complete = [...new Set([...c.elr, ...c.isr])].filter((b) => !isr.includes(b))
    return { ...c, isr, elr: isr.length < floorOf(c) ? complete : [] }
  }

const lead: Change = (c) => {
  if (isAlive(c, c.leader)) return c
  const leader = elect(c)
  if (leader === null || c.isr.includes(leader)) return { ...c, leader }
  const led = setIsr(() => [leader])({ ...c, leader })
  if (c.elr.includes(leader)) return led
  // unclean: what the others have says nothing any more
  return { ...led, elr: [], highWatermark: Math.min(c.highWatermark, logOf(c, leader).length) }
}

const watermark: Change = (c) => {
  if (c.leader === null || c.isr.length < floorOf(c)) return c
  const log = logOf(c, c.leader)
  const first = log.findIndex((record, offset) => c.isr.some((b) => logOf(c, b)[offset] !== record))
  return { ...c, highWatermark: first === -1 ? log.length : first }
}

const lamp: Change = (c) => ({ ...c, underReplicated: c.replicas.some((b) => !c.isr.includes(b)) })

/** Translates an event into what it changes at first. */
function changeOf(c: Cluster, event: ReplEvent): Change {
  switch (event.type) {
    case 'write':
      return c.leader === null || 'error' in canAck(c, event.acks)
        ? same
        : setReplica(c.leader, { log: [...logOf(c, c.leader), event.record] })
    case 'fetch': {
      const { broker } = event
      if (c.leader === null || broker === c.leader || !isAlive(c, broker)) return same
      return inTurn(
        setReplica(broker, { log: [...logOf(c, c.leader)], caughtUpAt: c.now }),
        setIsr(({ isr }) => (isr.includes(broker) ? isr : [...isr, broker])),
      )
    }
    case 'tick': {
      const now = c.now + event.ms
      const pass: Change = (then) => ({ ...then, now })
      if (c.leader === null) return pass
      const wanted = logOf(c, c.leader)
      const stays = (b: number): boolean =>
        b === c.leader ||
        wanted.every((record, offset) => logOf(c, b)[offset] === record) ||
        now - (c.brokers[b]?.caughtUpAt ?? 0) <= c.replicaLagTimeMaxMs
      return inTurn(
        pass,
        setIsr(({ isr }) => isr.filter(stays)),
      )
    }
    case 'fail':
      return inTurn(
        setReplica(event.broker, { alive: false }),
        setIsr(({ isr }) => isr.filter((b) => b !== event.broker)),
        lead,
      )
    case 'return':
      return inTurn(setReplica(event.broker, { alive: true }), lead)
  }
}

export function step(cluster: Cluster, event: ReplEvent): Cluster {
  return inTurn(changeOf(cluster, event), watermark, lamp)(cluster)
}

export function canAck(cluster: Cluster, acks: Acks): AckResult {
  if (cluster.leader === null) return { error: 'LEADER_NOT_AVAILABLE' }
  if (acks === 'all' && cluster.isr.length < floorOf(cluster)) return { error: 'NOT_ENOUGH_REPLICAS' }
  return { waitsFor: acks === 'all' ? [...cluster.isr] : [cluster.leader].slice(0, acks) }
}

export function elect(cluster: Cluster): number | null {
  const pools = [cluster.isr, cluster.elr, cluster.uncleanLeaderElection ? cluster.replicas : []]
  return (
    pools
      .map((pool) => cluster.replicas.find((b) => pool.includes(b) && isAlive(cluster, b)))
      .find((b) => b !== undefined) ?? null
  )
}
