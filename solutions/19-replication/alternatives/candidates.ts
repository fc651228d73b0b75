// Another right way: all brokers that may lead come out of a generator, the best first; a class works on a copy.

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

/** All brokers that may lead, the best first. */
function* candidates(cluster: Cluster): Generator<number, void, undefined> {
  const alive = cluster.replicas.filter((broker) => cluster.brokers[broker]?.alive)
  for (const broker of alive) if (cluster.isr.includes(broker)) yield broker
  for (const broker of alive) if (cluster.elr.includes(broker)) yield broker
  if (cluster.uncleanLeaderElection) yield* alive
}

export function elect(cluster: Cluster): number | null {
  for (const broker of candidates(cluster)) return broker
  return null
}

export function canAck(cluster: Cluster, acks: Acks): AckResult {
  const { leader, isr, replicas, minInsyncReplicas } = cluster
  if (leader === null) return { error: 'LEADER_NOT_AVAILABLE' }
  if (acks === 0) return { waitsFor: [] }
  if (acks === 1) return { waitsFor: [leader] }
  const enough = isr.length >= minInsyncReplicas || isr.length >= replicas.length
  return enough ? { waitsFor: [...isr].reverse() } : { error: 'NOT_ENOUGH_REPLICAS' }
}

/** A copy of the cluster that can be worked on, while the one that was handed over stays as it is. */
class Partition {
  readonly #given: Cluster
  readonly #floor: number
  readonly #brokers = new Map<number, Replica>()
  #now: number
  #leader: number | null
  #isr: Set<number>
  #elr: Set<number>
  #highWatermark: number

  constructor(given: Cluster) {
    this.#given = given
    this.#floor = Math.min(given.minInsyncReplicas, given.replicas.length)
    for (const [id, replica] of Object.entries(given.brokers)) {
      this.#brokers.set(Number(id), { ...replica, log: [...replica.log] })
    }
    this.#now = given.now
    this.#leader = given.leader
    this.#isr = new Set(given.isr)
    this.#elr = new Set(given.elr)
    this.#highWatermark = given.highWatermark
  }

  write(record: string, acks: Acks): void {
    if ('waitsFor' in canAck(this.#given, acks)) this.#leading()?.log.push(record)
  }

  fetch(broker: number): void {
    const leading = this.#leading()
    const follower = this.#brokers.get(broker)
    if (leading === undefined || follower === undefined || follower === leading || !follower.alive) return
    follower.log.splice(0, follower.log.length, ...leading.log)
    follower.caughtUpAt = this.#now
    this.#setIsr([...this.#isr, broker])
  }

  tick(ms: number): void {
    this.#now += ms
    const leading = this.#leading()
    if (leading === undefined) return
    const late = [...this.#isr].filter((broker) => {
      const follower = this.#brokers.get(broker)
      if (follower === undefined || follower === leading) return false
      const lacks = !leading.log.every((record) => follower.log.includes(record))
      return lacks && follower.caughtUpAt + this.#given.replicaLagTimeMaxMs < this.#now
    })
    this.#setIsr([...this.#isr].filter((broker) => !late.includes(broker)))
  }

  fail(broker: number): void {
    const replica = this.#brokers.get(broker)
    if (replica !== undefined) replica.alive = false
    this.#setIsr([...this.#isr].filter((other) => other !== broker))
    this.#fillTheLead()
  }

  comeBack(broker: number): void {
    const replica = this.#brokers.get(broker)
    if (replica !== undefined) replica.alive = true
    this.#fillTheLead()
  }

  /** The last act of each event: how far may consumers read? */
  raiseWatermark(): void {
    const leading = this.#leading()
    if (leading === undefined || this.#isr.size < this.#floor) return
    const logs = [...this.#isr].map((broker) => this.#brokers.get(broker)?.log ?? [])
    let common = 0
    while (common < leading.log.length && logs.every((log) => log[common] === leading.log[common]))
      common += 1
    this.#highWatermark = common
  }

  toCluster(): Cluster {
    return {
      ...this.#given,
      now: this.#now,
      brokers: Object.fromEntries(this.#brokers),
      leader: this.#leader,
      isr: [...this.#isr],
      elr: [...this.#elr],
      highWatermark: this.#highWatermark,
      underReplicated: this.#isr.size < this.#given.replicas.length,
    }
  }

  #leading(): Replica | undefined {
    return this.#leader === null ? undefined : this.#brokers.get(this.#leader)
  }

  #setIsr(brokers: number[]): void {
    const next = new Set(brokers)
    const unchanged = next.size === this.#isr.size && brokers.every((broker) => this.#isr.has(broker))
    if (unchanged) return
    const known = [...this.#isr, ...this.#elr]
    this.#isr = next
    this.#elr = new Set<number>(next.size < this.#floor ? known.filter((broker) => !next.has(broker)) : [])
  }

  #fillTheLead(): void {
    if (this.#leading()?.alive) return
    const chosen = elect(this.toCluster())
    this.#leader = chosen
    if (chosen === null || this.#isr.has(chosen)) return
    const unclean = !this.#elr.has(chosen)
    this.#setIsr([chosen])
    if (unclean) this.#highWatermark = Math.min(this.#highWatermark, this.#leading()?.log.length ?? 0)
  }
}

export function step(cluster: Cluster, event: ReplEvent): Cluster {
  const partition = new Partition(cluster)
  if (event.type === 'write') partition.write(event.record, event.acks)
  else if (event.type === 'tick') partition.tick(event.ms)
  else if (event.type === 'fetch') partition.fetch(event.broker)
  else if (event.type === 'fail') partition.fail(event.broker)
  else partition.comeBack(event.broker)
  partition.raiseWatermark()
  return partition.toCluster()
}
