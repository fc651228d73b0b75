import type { AnyApi } from '../protocol/api.ts'
import { RESOURCE_TYPES } from '../protocol/resource-types.ts'

/** The fields by which requests name topics and groups, in Kafka's message definitions. */
const TOPIC_FIELDS = ['topics', 'topicData', 'topicNames', 'v3AndBelowTopics', 'resources'] as const
const GROUP_FIELDS = ['groupId', 'groups', 'groupsNames', 'key', 'coordinatorKeys'] as const

type Fields = Partial<Record<string, unknown>>

export function canNameTopics(api: AnyApi): boolean {
  return hasField(api, TOPIC_FIELDS)
}

export function canNameGroups(api: AnyApi): boolean {
  return hasField(api, GROUP_FIELDS)
}

function hasField({ request: { shape } }: AnyApi, names: readonly string[]): boolean {
  return shape.kind === 'struct' && names.some((name) => name in shape.fields)
}

/** The topics that a decoded request names. */
export function topicsIn(request: unknown): string[] {
  const { topics, topicData, topicNames, v3AndBelowTopics, resources, groups } = request as Fields
  const named = [topics, topicData, topicNames, v3AndBelowTopics].flatMap(items)
  const configured = items(resources).filter((one) => (one as Fields).resourceType === RESOURCE_TYPES.TOPIC)
  const ofGroups = items(groups).flatMap((one) => (typeof one === 'string' ? [] : topicsIn(one)))
  return [...named, ...configured].flatMap((one) => nameOf(one)).concat(ofGroups)
}

/** The groups that a decoded request names. FindCoordinator names one by its key, when it is of type 0. */
export function groupsIn(request: unknown): string[] {
  const { groupId, groups, groupsNames, key, coordinatorKeys, keyType } = request as Fields
  const keys = keyType === 0 ? [key, ...items(coordinatorKeys)] : []
  return [groupId, ...items(groups), ...items(groupsNames), ...keys].flatMap((one) => nameOf(one))
}

function items(list: unknown): unknown[] {
  return Array.isArray(list) ? list : []
}

/** A name stands for itself, or in one of these fields. */
function nameOf(one: unknown): string[] {
  if (typeof one === 'string') return [one]
  const { name, topic, resourceName, groupId } = (one ?? {}) as Fields
  return [name, topic, resourceName, groupId].filter((value) => typeof value === 'string')
}
