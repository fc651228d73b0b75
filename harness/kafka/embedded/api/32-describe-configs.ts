import { DescribeConfigs } from '../../protocol/api/32-describe-configs.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { RESOURCE_TYPES } from '../../protocol/resource-types.ts'
import { describeBrokerConfigs, describeClusterConfigs, describeTopicConfigs } from '../config-entries.ts'
import { checkBrokerId } from '../config-resources.ts'
import { handler, type RequestContext } from '../handler.ts'
import { errorFields, MALFORMED_REQUEST, Refusal } from '../refusal.ts'
import { checkTopicName } from '../topic-names.ts'

type Resource = RequestOf<typeof DescribeConfigs>['resources'][number]
type Result = ResponseOf<typeof DescribeConfigs>['results'][number]

/**
 * DescribeConfigs, versions 1 to 4 (KIP-226): topics, and the node itself with the settings that this broker obeys. Names
 * that nobody knows are left out, not refused. Kafka sends an empty text, not null, where nothing is wrong. A resource that
 * is named twice is answered twice, from one description, so that a short request cannot make a large one many times.
 */
export const describeConfigs = handler(DescribeConfigs, [1, 4], ({ resources, includeSynonyms }, context) => {
  const described = new Map<string, Result>()
  const describeOnce = (resource: Resource): Result => {
    const name = JSON.stringify(resource)
    const result = described.get(name) ?? describe(context, resource, includeSynonyms)
    described.set(name, result)
    return result
  }
  return { throttleTimeMs: 0, results: resources.map(describeOnce) }
})

function describe(context: RequestContext, resource: Resource, includeSynonyms: boolean): Result {
  const { resourceType, resourceName, configurationKeys } = resource
  const about = { errorCode: 0, errorMessage: '', resourceType, resourceName }
  try {
    const wanted = (name: string) => !configurationKeys?.length || configurationKeys.includes(name)
    const configs = entriesOf(context, resource).filter(({ name }) => wanted(name))
    return { ...about, configs: includeSynonyms ? configs : configs.map((one) => ({ ...one, synonyms: [] })) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { errorCode, errorMessage } = errorFields(error)
    return { ...about, errorCode, errorMessage: errorMessage ?? '', configs: [] }
  }
}

function entriesOf(
  { state, nodeId }: RequestContext,
  { resourceType, resourceName }: Resource,
): Result['configs'] {
  if (resourceType === RESOURCE_TYPES.TOPIC) {
    checkTopicName(resourceName)
    const topic = state.topics.get(resourceName)
    if (!topic) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION')
    return describeTopicConfigs(topic.configs, state.settings)
  }
  if (resourceType !== RESOURCE_TYPES.BROKER) throw new Refusal('INVALID_REQUEST', MALFORMED_REQUEST)
  if (resourceName === '') return describeClusterConfigs(state.settings)
  checkBrokerId(nodeId, resourceName, 'describe')
  return describeBrokerConfigs(state.settings)
}
