import { RESOURCE_TYPES } from '../protocol/resource-types.ts'
import type { RequestContext } from './handler.ts'
import { Refusal } from './refusal.ts'
import { checkTopicConfigs } from './topic-configs.ts'
import { checkTopicName } from './topic-names.ts'

const MIN_ISR = 'min.insync.replicas'

export interface ConfigResource {
  resourceType: number
  resourceName: string
}

/**
 * Gives a topic the configuration that `change` makes of what was set on it. Kafka looks at the values before it looks for
 * the topic (ConfigurationControlManager). Throws Refusal, in Kafka's words.
 */
export function alterTopic(
  { state, nodeId }: Pick<RequestContext, 'state' | 'nodeId'>,
  { resourceType, resourceName }: ConfigResource,
  validateOnly: boolean,
  change: (own: ReadonlyMap<string, string>) => ReadonlyMap<string, string>,
): void {
  if (resourceType === RESOURCE_TYPES.BROKER) {
    checkBrokerId(nodeId, resourceName, 'alter')
    throw new Refusal('INVALID_REQUEST', 'The embedded broker takes its settings when it starts.')
  }
  if (resourceType !== RESOURCE_TYPES.TOPIC) {
    throw new Refusal('INVALID_REQUEST', `Unknown resource type ${resourceType}`)
  }
  if (resourceName === '') throw new Refusal('INVALID_REQUEST', 'Default topic resources are not allowed.')
  checkTopicName(resourceName)
  const topic = state.topics.get(resourceName)
  const changed = change(topic?.configs.own ?? new Map())
  checkTopicConfigs(changed)
  if (!topic) {
    throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${resourceName}' does not exist.`)
  }
  if (validateOnly) return
  const minBefore = topic.configs.get(MIN_ISR)
  topic.configs.own = changed
  if (topic.configs.get(MIN_ISR) === minBefore) return
  for (const partition of topic.partitions) partition.minInSyncChanged()
}

/** Refuses a resource that a request names more than once. */
export function checkNamedOnce(resource: ConfigResource, all: readonly ConfigResource[]): void {
  const same = all.filter(
    (one) => one.resourceType === resource.resourceType && one.resourceName === resource.resourceName,
  )
  if (same.length > 1) throw new Refusal('INVALID_REQUEST', 'Each resource must appear at most once.')
}

/** Only a node itself knows its configuration. Kafka has different words for reading and for changing it. */
export function checkBrokerId(nodeId: number, name: string, purpose: 'describe' | 'alter'): void {
  if (name === String(nodeId)) return
  const [who, expected] =
    purpose === 'describe' ? ['Broker id', `${nodeId} or empty string`] : ['Node id', `${nodeId}`]
  if (!/^-?\d+$/.test(name))
    throw new Refusal('INVALID_REQUEST', `${who} must be an integer, but it is: ${name}`)
  throw new Refusal('INVALID_REQUEST', `Unexpected broker id, expected ${expected}, but received ${name}`)
}
