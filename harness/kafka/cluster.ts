import net from 'node:net'
import { WorkbookError } from '../errors.ts'
import type { Broker } from './broker.ts'
import { parseBootstrap } from './client/address.ts'
import { BrokerError, type Client, connect } from './client/client.ts'
import { Fetch } from './protocol/api/01-fetch.ts'
import { ApiVersions } from './protocol/api/18-api-versions.ts'
import { DescribeConfigs } from './protocol/api/32-describe-configs.ts'

const BROKER_RESOURCE = 4
const SESSION = 'group.min.session.timeout.ms'
const DEFAULT_SESSION_MS = 6000

/**
 * A cluster that runs already, named by `host:port[,host:port]`. Only this machine's own addresses are taken. Rejects with
 * WorkbookError when an address is not one, is another machine's, or does not answer as Kafka within three seconds.
 */
export async function openCluster(bootstrap: string): Promise<Broker> {
  for (const { host } of parseBootstrap(bootstrap)) {
    if (isLoopback(host)) continue
    throw new WorkbookError(
      `${host} is another machine, and the workbook only uses a broker on this one for now.`,
      'Name a broker as 127.0.0.1:PORT, or leave --broker out.',
    )
  }
  const client = await connect(bootstrap, { timeoutMs: 3000 })
  try {
    const { apiKeys } = await client.request(ApiVersions, 0, ApiVersions.request.absent)
    const fetch = apiKeys.find(({ apiKey }) => apiKey === Fetch.key)
    // Kafka 4.0 removed the versions of Fetch below 4 (KIP-896). Nothing on the wire tells more than that.
    const version = fetch && fetch.minVersion >= 4 ? '4.x' : 'unknown'
    const minSessionTimeoutMs = await shortestSession(client)
    return { kind: 'cluster', version, bootstrap, minSessionTimeoutMs, note: null, stop: async () => {} }
  } finally {
    client.close()
  }
}

/** Asks a node for its `group.min.session.timeout.ms`; Kafka's default where it does not tell. */
async function shortestSession(client: Client): Promise<number> {
  try {
    const { brokers } = await client.metadata([])
    const nodeId = brokers[0]?.nodeId ?? 0
    const resource = {
      resourceType: BROKER_RESOURCE,
      resourceName: `${nodeId}`,
      configurationKeys: [SESSION],
    }
    const request = { resources: [resource], includeSynonyms: false, includeDocumentation: false }
    const { results } = await client.request(DescribeConfigs, 'highest', request, { nodeId })
    return Number(results[0]?.configs[0]?.value ?? DEFAULT_SESSION_MS)
  } catch (error) {
    if (error instanceof BrokerError) return DEFAULT_SESSION_MS
    throw error
  }
}

/** 127.0.0.0/8 (RFC 1122), ::1 (RFC 4291), and the name that stands for both (RFC 6761). */
function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || (net.isIPv4(host) && host.startsWith('127.'))
}
