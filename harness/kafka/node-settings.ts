/** Kafka's settings by their property names. */
export type NodeSettings = Readonly<Record<string, string>>

/** Scenes use short sessions, so that a crash is noticed soon. */
export const MIN_SESSION_TIMEOUT_MS = 1000

/** What every real Kafka of the workbook is told, in a container or not. `nodes` is how many nodes the cluster has. */
export function sharedSettings(nodes: number): NodeSettings {
  const replicas = String(nodes)
  return {
    // The default of internal topics is three replicas, which a single node cannot keep.
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': '1',
    // A new group would otherwise wait three seconds for more members.
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': String(MIN_SESSION_TIMEOUT_MS),
    // A topic that is compacted would otherwise be looked at every fifteen seconds. The embedded broker does it as often.
    'log.cleaner.backoff.ms': '1000',
    // A misspelt topic is an error, not a new topic.
    'auto.create.topics.enable': 'false',
  }
}
