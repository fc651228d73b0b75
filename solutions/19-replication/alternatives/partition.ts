// A class for the partition, with sets for the in-sync and the eligible replicas.

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

class Partition {
  private readonly s: Cluster
  private isr: Set<number>
  private elr: Set<number>

  constructor(cluster: Cluster) {
    this.s = structuredClone(cluster)
    this.isr = new Set(cluster.isr)
    this.elr = new Set(cluster.elr)
  }

  private get least(): number {
    return Math.min(this.s.minInsyncReplicas, this.s.replicas.length)
  }

  private replica(id: number): Replica {
    return this.s.brokers[id] as Replica
  }

  acknowledgement(acks: Acks): AckResult {
    const { leader } = this.s
    if (leader === null) return { error: 'LEADER_NOT_AVAILABLE' }
    if (acks !== 'all') return { waitsFor: acks === 0 ? [] : [leader] }
    if (this.isr.size < this.least) return { error: 'NOT_ENOUGH_REPLICAS' }
    return { waitsFor: [...this.isr] }
  }

  candidate(): number | null {
    const from = (allowed: (id: number) => boolean) =>
      this.s.replicas.find((id) => this.replica(id).alive && allowed(id))
    return (
      from((id) => this.isr.has(id)) ??
      from((id) => this.elr.has(id)) ??
      from(() => this.s.uncleanLeaderElection) ??
      null
    )
  }

  apply(event: ReplEvent): Cluster {
    switch (event.type) {
      case 'write':
        if (this.s.leader !== null && !('error' in this.acknowledgement(event.acks)))
          this.replica(this.s.leader).log.push(event.record)
        break
      case 'fetch':
        this.fetch(event.broker)
        break
      case 'tick':
        this.s.now += event.ms
        this.dropLate()
        break
      case 'fail':
        this.replica(event.broker).alive = false
        this.setIsr([...this.isr].filter((id) => id !== event.broker))
        if (this.s.leader === event.broker) this.s.leader = null
        this.lead()
        break
      case 'return':
        this.replica(event.broker).alive = true
        this.lead()
    }
    return this.settled()
  }

  private fetch(id: number): void {
    const { leader } = this.s
    if (leader === null || id === leader || !this.replica(id).alive) return
    this.s.brokers[id] = { alive: true, log: [...this.replica(leader).log], caughtUpAt: this.s.now }
    this.setIsr([...this.isr, id])
  }

  private dropLate(): void {
    const { leader, now, replicaLagTimeMaxMs } = this.s
    if (leader === null) return
    const all = this.replica(leader).log.join()
    const kept = [...this.isr].filter((id) => {
      const { log, caughtUpAt } = this.replica(id)
      return log.join() === all || caughtUpAt + replicaLagTimeMaxMs >= now
    })
    this.setIsr(kept)
  }

  private setIsr(ids: number[]): void {
    const complete = [...this.isr, ...this.elr]
    this.isr = new Set(ids)
    this.elr = new Set(this.isr.size >= this.least ? [] : complete.filter((id) => !this.isr.has(id)))
  }

  private lead(): void {
    if (this.s.leader !== null) return
    const leader = this.candidate()
    if (leader === null) return
    this.s.leader = leader
    this.elr.delete(leader)
    if (!this.isr.has(leader)) this.isr = new Set([leader])
    this.s.highWatermark = Math.min(this.s.highWatermark, this.replica(leader).log.length)
  }

  private settled(): Cluster {
    const { leader, replicas } = this.s
    if (leader !== null && this.isr.size >= this.least) {
      const { log } = this.replica(leader)
      const isEverywhere = (record: string, offset: number) =>
        [...this.isr].every((id) => this.replica(id).log[offset] === record)
      const first = log.findIndex((record, offset) => !isEverywhere(record, offset))
      const end = first === -1 ? log.length : first
      this.s.highWatermark = Math.max(this.s.highWatermark, end)
    }
    const underReplicated = this.isr.size !== replicas.length
    return { ...this.s, isr: [...this.isr], elr: [...this.elr], underReplicated }
  }
}

export function step(cluster: Cluster, event: ReplEvent): Cluster {
  return new Partition(cluster).apply(event)
}

export function canAck(cluster: Cluster, acks: Acks): AckResult {
  return new Partition(cluster).acknowledgement(acks)
}

export function elect(cluster: Cluster): number | null {
  return new Partition(cluster).candidate()
}
