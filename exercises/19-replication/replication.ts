/** The copy of the partition that one broker has. */
export interface Replica {
  alive: boolean
  /** Its records, in their order: the place of a record is its offset. */
  log: string[]
  /** When it last fetched and had everything that the leader had. Milliseconds. */
  caughtUpAt: number
}

/** One partition, and the brokers that keep it. */
export interface Cluster {
  /** The brokers of the partition by their ids, in the order in which they are asked to lead. */
  replicas: number[]
  /** `min.insync.replicas` */
  minInsyncReplicas: number
  /** `replica.lag.time.max.ms` */
  replicaLagTimeMaxMs: number
  /** `unclean.leader.election.enable` */
  uncleanLeaderElection: boolean
  now: number
  brokers: Record<number, Replica>
  leader: number | null
  /** The replicas in sync, the leader among them. */
  isr: number[]
  /** The eligible leader replicas: not in sync any more, and still complete. */
  elr: number[]
  /** Consumers get the records before this offset, and no others. */
  highWatermark: number
  /** Whether a replica is missing in the ISR. */
  underReplicated: boolean
}

export type Acks = 0 | 1 | 'all'

/** Whom the leader has to wait for before it answers, or the error that the producer gets at once. */
export type AckResult = { waitsFor: number[] } | { error: 'NOT_ENOUGH_REPLICAS' | 'LEADER_NOT_AVAILABLE' }

export type ReplEvent =
  | { type: 'write'; record: string; acks: Acks }
  | { type: 'fetch'; broker: number }
  | { type: 'tick'; ms: number }
  | { type: 'fail'; broker: number }
  | { type: 'return'; broker: number }

/** The partition after something has happened to it. */
export function step(cluster: Cluster, event: ReplEvent): Cluster {
  throw new Error('TODO step: what does this event change?')
}

/** What a producer can expect that sends a record now. */
export function canAck(cluster: Cluster, acks: Acks): AckResult {
  throw new Error('TODO canAck: who must have a record before it is acknowledged?')
}

/** The broker that the controller makes the leader of a partition that has none; null: nobody may lead. */
export function elect(cluster: Cluster): number | null {
  throw new Error('TODO elect: who may lead?')
}
