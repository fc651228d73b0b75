import type { Address } from '../client/address.ts'
import { Produce } from '../protocol/api/00-produce.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { FindCoordinator } from '../protocol/api/10-find-coordinator.ts'
import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import type { AnyApi, ResponseOf } from '../protocol/api.ts'
import { APIS } from '../protocol/apis.ts'

/** Where a lane leads: every node of the cluster has a port of its own in every lane. */
export interface Routes {
  /** The lane's own address for the node that the broker advertises as `node`; opened when it is asked for. */
  local(node: Address): Promise<Address>
  /** Notes that `node` is the only one there is: it is the one that this connection reached. */
  onlyNode(node: Address): void
}

/**
 * The answer as the client shall see it: addresses lead back into the lane, and versions stay within the grammar.
 * Null for the many answers that are forwarded as they are.
 */
export async function rewriteAnswer(api: AnyApi, body: unknown, routes: Routes): Promise<unknown> {
  if (api.key === ApiVersions.key) return clampVersions(body as ResponseOf<typeof ApiVersions>)
  if (api.key === Metadata.key) return rewriteMetadata(body as ResponseOf<typeof Metadata>, routes)
  if (api.key === FindCoordinator.key)
    return rewriteCoordinator(body as ResponseOf<typeof FindCoordinator>, routes)
  return null
}

/**
 * Leaves only APIs and versions that the grammar can read. Produce keeps the broker's first version: Kafka 4 advertises 0
 * although it refuses 0 to 2, because librdkafka would stop compressing otherwise (KAFKA-18659).
 */
function clampVersions(body: ResponseOf<typeof ApiVersions>): ResponseOf<typeof ApiVersions> {
  const apiKeys = body.apiKeys.flatMap(({ apiKey, minVersion, maxVersion }) => {
    const [first, last] = APIS.get(apiKey)?.versions ?? [0, -1]
    const min = apiKey === Produce.key ? minVersion : Math.max(first, minVersion)
    const max = Math.min(last, maxVersion)
    return min <= max ? [{ apiKey, minVersion: min, maxVersion: max }] : []
  })
  return { ...body, apiKeys }
}

async function rewriteMetadata(
  body: ResponseOf<typeof Metadata>,
  routes: Routes,
): Promise<ResponseOf<typeof Metadata>> {
  const [only, ...others] = body.brokers
  if (only && others.length === 0) routes.onlyNode({ host: only.host, port: only.port })
  return { ...body, brokers: await Promise.all(body.brokers.map((node) => localNode(node, routes))) }
}

async function rewriteCoordinator(
  body: ResponseOf<typeof FindCoordinator>,
  routes: Routes,
): Promise<ResponseOf<typeof FindCoordinator>> {
  const coordinators = await Promise.all(body.coordinators.map((node) => localNode(node, routes)))
  return { ...(await localNode(body, routes)), coordinators }
}

/** An answer that carries an error names no node: its port is -1. */
async function localNode<T extends Address>(node: T, routes: Routes): Promise<T> {
  if (node.port <= 0) return node
  return { ...node, ...(await routes.local({ host: node.host, port: node.port })) }
}
