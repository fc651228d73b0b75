import { DescribeConfigs } from '../../kafka/protocol/api/32-describe-configs.ts'
import type { IncrementalAlterConfigs } from '../../kafka/protocol/api/44-incremental-alter-configs.ts'
import type { RequestOf } from '../../kafka/protocol/api.ts'
import type { Scene } from './scene.ts'

/** Kinds of resources that have a configuration. */
export const TOPIC = 2
export const BROKER = 4

export function describeConfigs(
  resourceType: number,
  resourceName: string,
  configurationKeys: string[] | null,
  given: Partial<RequestOf<typeof DescribeConfigs>> = {},
): RequestOf<typeof DescribeConfigs> {
  const resources = [{ resourceType, resourceName, configurationKeys }]
  return { resources, includeSynonyms: false, includeDocumentation: false, ...given }
}

/** What a topic has of these settings, once a change to it has arrived at the broker. */
export async function describedOnce(
  scene: Scene,
  topic: string,
  names: string[],
  isChanged: (values: Record<string, string | null>) => boolean,
): Promise<void> {
  await scene.peer.until(DescribeConfigs, 2, describeConfigs(TOPIC, topic, names), ({ results }) => {
    const entries = results[0]?.configs.map(({ name, value }) => [name, value]) ?? []
    return isChanged(Object.fromEntries(entries))
  })
}

type Change = RequestOf<typeof IncrementalAlterConfigs>['resources'][number]['configs'][number]

export const SET = 0
export const DELETE = 1
export const APPEND = 2
export const SUBTRACT = 3

export function change(name: string, configOperation: number, value: string | null): Change {
  return { name, configOperation, value }
}
