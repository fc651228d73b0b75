import { type Clock, systemClock } from './clock.ts'
import type { Settings } from './config-definition.ts'
import { Groups } from './groups.ts'
import { ProducerIds } from './producers.ts'
import { brokerSettings } from './settings.ts'
import { Topics } from './topics.ts'
import { Transactions } from './transactions.ts'

/** A node of the cluster and the address that clients are told. */
export interface ClusterNode {
  id: number
  host: string
  port: number
}

/** Everything that the broker remembers. It knows nothing of the wire; one event loop owns it. */
export interface State {
  clock: Clock
  settings: Settings
  clusterId: string
  controllerId: number
  /** Filled in when the node listens: its port is not known before. */
  nodes: ClusterNode[]
  topics: Topics
  groups: Groups
  producerIds: ProducerIds
  transactions: Transactions
}

/** The node that has every partition, every group and the controller. */
export const NODE_ID = 1

/** Kafka's cluster ids are random uuids; a fixed one says what this cluster is: 16 bytes in base64url. */
const CLUSTER_ID = Buffer.from('kafka-workbook-1').toString('base64url')

/** A fresh cluster without topics. Throws on settings that do not exist. */
export function createState({
  clock = systemClock,
  settings = {},
}: {
  clock?: Clock
  settings?: Settings
} = {}): State {
  const complete = brokerSettings(settings)
  const topics = new Topics(clock, complete)
  const groups = new Groups(clock, complete)
  const producerIds = new ProducerIds()
  return {
    clock,
    settings: complete,
    clusterId: CLUSTER_ID,
    controllerId: NODE_ID,
    nodes: [],
    topics,
    groups,
    producerIds,
    transactions: new Transactions(clock, complete, producerIds, { topics, groups }),
  }
}
