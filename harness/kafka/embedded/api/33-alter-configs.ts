import { AlterConfigs } from '../../protocol/api/33-alter-configs.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { alterTopic, checkNamedOnce } from '../config-resources.ts'
import { handler, type RequestContext } from '../handler.ts'
import { attempt, Refusal } from '../refusal.ts'

type Resource = RequestOf<typeof AlterConfigs>['resources'][number]

/**
 * AlterConfigs, versions 0 to 2: replaces the whole configuration of a topic (KIP-133). What the request does not name goes
 * back to its default, which surprises many; IncrementalAlterConfigs came for that reason (KIP-339).
 */
export const alterConfigs = handler(AlterConfigs, [0, 2], ({ resources, validateOnly }, context) => ({
  throttleTimeMs: 0,
  responses: resources.map((resource) => ({
    ...attempt(() => {
      checkNamedOnce(resource, resources)
      replace(context, resource, validateOnly)
    }),
    resourceType: resource.resourceType,
    resourceName: resource.resourceName,
  })),
}))

function replace(context: RequestContext, resource: Resource, validateOnly: boolean): void {
  const configs = new Map<string, string>()
  for (const { name, value } of resource.configs) {
    if (value === null) throw new Refusal('INVALID_REQUEST', `Null value not supported for : ${name}`)
    if (configs.has(name)) throw new Refusal('INVALID_REQUEST', 'Error due to duplicate config keys')
    configs.set(name, value)
  }
  alterTopic(context, resource, validateOnly, () => configs)
}
