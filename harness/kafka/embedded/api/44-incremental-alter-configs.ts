import { IncrementalAlterConfigs } from '../../protocol/api/44-incremental-alter-configs.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { listItems } from '../config-definition.ts'
import { alterTopic, checkNamedOnce } from '../config-resources.ts'
import { handler, type RequestContext } from '../handler.ts'
import { attempt, Refusal } from '../refusal.ts'
import { TOPIC_CONFIGS } from '../topic-configs.ts'

type Resource = RequestOf<typeof IncrementalAlterConfigs>['resources'][number]
type Change = Resource['configs'][number]

const SET = 0
const DELETE = 1
const APPEND = 2
const SUBTRACT = 3

/** IncrementalAlterConfigs, versions 0 and 1 (KIP-339): changes only what it names; all changes of a topic hold, or none. */
export const incrementalAlterConfigs = handler(
  IncrementalAlterConfigs,
  [0, 1],
  ({ resources, validateOnly }, context) => ({
    throttleTimeMs: 0,
    responses: resources.map((resource) => ({
      ...attempt(() => {
        checkNamedOnce(resource, resources)
        alter(context, resource, validateOnly)
      }),
      resourceType: resource.resourceType,
      resourceName: resource.resourceName,
    })),
  }),
)

function alter(context: RequestContext, resource: Resource, validateOnly: boolean): void {
  checkChanges(resource.configs)
  alterTopic(context, resource, validateOnly, (own) => {
    const configs = new Map(own)
    for (const change of resource.configs) apply(change, configs)
    return configs
  })
}

function checkChanges(changes: Change[]): void {
  const nulls = changes.filter((one) => one.configOperation !== DELETE && one.value === null)
  if (nulls.length > 0) {
    throw new Refusal(
      'INVALID_REQUEST',
      `Null value not supported for : ${nulls.map(({ name }) => name).join(', ')}`,
    )
  }
  if (new Set(changes.map(({ name }) => name)).size < changes.length) {
    throw new Refusal('INVALID_REQUEST', 'Error due to duplicate config keys')
  }
}

function apply({ name, configOperation, value }: Change, configs: Map<string, string>): void {
  if (configOperation === SET) configs.set(name, value as string)
  else if (configOperation === DELETE) configs.delete(name)
  else configs.set(name, changedList(name, configOperation, listItems(value as string), configs.get(name)))
}

/** A list that the topic does not have itself starts from Kafka's default. */
function changedList(name: string, operation: number, items: string[], own: string | undefined): string {
  if (operation !== APPEND && operation !== SUBTRACT) throw new Refusal('UNKNOWN_SERVER_ERROR')
  const definition = Object.hasOwn(TOPIC_CONFIGS, name) ? TOPIC_CONFIGS[name] : undefined
  if (definition?.type !== 'LIST') {
    const verb = operation === APPEND ? 'APPEND' : 'SUBTRACT'
    throw new Refusal('INVALID_CONFIG', `Can't ${verb} to key ${name} because its type is not LIST.`)
  }
  const current = listItems(own ?? definition.default)
  const changed =
    operation === APPEND
      ? [...new Set([...current, ...items])]
      : current.filter((one) => !items.includes(one))
  return changed.join(',')
}
