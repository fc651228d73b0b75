import { type Clock, systemClock } from './clock.ts'
import type { Settings } from './config-definition.ts'
import { Coordinators } from './coordinators.ts'
import { Groups } from './groups.ts'
import { LogManager } from './log-manager.ts'
import { Nodes } from './nodes.ts'
import { ProducerIds } from './producers.ts'
import { brokerSettings } from './settings.ts'
import { Topics } from './topics.ts'
import { Transactions } from './transactions.ts'

/** Everything that the broker remembers. It knows nothing of the wire; one event loop owns it. */
export interface State {
  clock: Clock
  settings: Settings
  clusterId: string
  nodes: Nodes
  coordinators: Coordinators
  topics: Topics
  logManager: LogManager
  groups: Groups
  producerIds: ProducerIds
  transactions: Transactions
}

/** Kafka's cluster ids are random uuids; a fixed one says what this cluster is: 16 bytes in base64url. */
const CLUSTER_ID = Buffer.from('kafka-workbook-1').toString('base64url')

/** A fresh cluster without topics; its nodes have yet to be registered. Throws on settings that do not exist. */
export function createState({
  clock = systemClock,
  settings = {},
}: {
  clock?: Clock
  settings?: Settings
} = {}): State {
  const complete = brokerSettings(settings)
  const nodes = new Nodes()
  const topics = new Topics(clock, complete, nodes)
  const groups = new Groups(clock, complete)
  const producerIds = new ProducerIds()
  return {
    clock,
    settings: complete,
    clusterId: CLUSTER_ID,
    nodes,
    coordinators: new Coordinators(nodes),
    topics,
    logManager: new LogManager(clock, complete, topics),
    groups,
    producerIds,
    transactions: new Transactions(clock, complete, producerIds, { topics, groups }),
  }
}
