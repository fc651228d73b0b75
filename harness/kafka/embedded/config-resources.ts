import { Refusal } from './refusal.ts'
import type { State } from './state.ts'
import { checkTopicName } from './topic-names.ts'
import type { Topic } from './topics.ts'

/** What a configuration can belong to (org.apache.kafka.common.config.ConfigResource.Type); there are more. */
export const RESOURCE_TYPES = { TOPIC: 2, BROKER: 4 } as const

export interface ConfigResource {
  resourceType: number
  resourceName: string
}

/** The topic whose configuration is to be changed. Throws Refusal, in Kafka's words, for everything else. */
export function topicToAlter(state: State, { resourceType, resourceName }: ConfigResource): Topic {
  if (resourceType === RESOURCE_TYPES.TOPIC) {
    checkTopicName(resourceName)
    const topic = state.topics.get(resourceName)
    if (topic) return topic
    throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${resourceName}' does not exist.`)
  }
  if (resourceType !== RESOURCE_TYPES.BROKER) {
    throw new Refusal('INVALID_REQUEST', `Unknown resource type ${resourceType}`)
  }
  checkBrokerId(state, resourceName, 'alter')
  throw new Refusal('INVALID_REQUEST', 'The embedded broker takes its settings when it starts.')
}

/** Only a node itself knows its configuration. Kafka has different words for reading and for changing it. */
export function checkBrokerId({ controllerId }: State, name: string, purpose: 'describe' | 'alter'): void {
  if (name === String(controllerId)) return
  const [who, expected] =
    purpose === 'describe' ? ['Broker id', `${controllerId} or empty string`] : ['Node id', `${controllerId}`]
  if (!/^-?\d+$/.test(name))
    throw new Refusal('INVALID_REQUEST', `${who} must be an integer, but it is: ${name}`)
  throw new Refusal('INVALID_REQUEST', `Unexpected broker id, expected ${expected}, but received ${name}`)
}
