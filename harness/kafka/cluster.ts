import net from 'node:net'
import { WorkbookError } from '../errors.ts'
import type { Broker } from './broker.ts'
import { type Address, parseBootstrap, showAddress } from './client/address.ts'
import { BrokerError, type Client, connect, UnreachableError } from './client/client.ts'
import type { Security } from './client/security.ts'
import { explainRefusal } from './cluster-refusal.ts'
import { checkRights, requireKafka4 } from './cluster-rights.ts'
import { DescribeConfigs } from './protocol/api/32-describe-configs.ts'
import { RESOURCE_TYPES } from './protocol/resource-types.ts'

const SESSION = 'group.min.session.timeout.ms'
const DEFAULT_SESSION_MS = 6000

/** A broker on this machine answers at once. */
const NEAR_MS = 3000
const FAR_MS = 10_000

const OLDER = 'This cluster is older than Kafka 4, which the checks were written for.'

export interface ClusterOptions {
  /** TLS and SASL, where its listeners ask for them. */
  security?: Security | null
  /** Whether it may be on another machine. */
  foreign?: boolean | undefined
}

/**
 * A cluster that runs already, named by `host:port[,host:port]`. Only this machine's own addresses are taken, unless it may be
 * `foreign`. Rejects with WorkbookError when it does not answer in time, does not let us in, or is none that can be used.
 */
export async function openCluster(bootstrap: string, options: ClusterOptions = {}): Promise<Broker> {
  const { security = null, foreign = false } = options
  const addresses = parseBootstrap(bootstrap)
  if (!foreign) refuseForeign(addresses)
  const timeoutMs = foreign ? FAR_MS : NEAR_MS
  const tried = { security, timeoutMs }
  let client: Client | undefined
  try {
    client = await connect(bootstrap, tried)
    const version = await requireKafka4(client)
    await reachNodes(client, foreign)
    await checkRights(client, security)
    const minSessionTimeoutMs = await shortestSession(client)
    return {
      kind: 'cluster',
      version,
      bootstrap,
      security,
      guarded: foreign,
      minSessionTimeoutMs,
      note: version === 'unknown' ? OLDER : null,
      stop: async () => {},
    }
  } catch (error) {
    throw await explained(error, client, tried)
  } finally {
    client?.close()
  }
}

/** The error of whoever ran into a wall, as a sentence about the wall where that can be found out. */
async function explained(
  error: unknown,
  client: Client | undefined,
  tried: { security: Security | null; timeoutMs: number },
): Promise<unknown> {
  const failures =
    error instanceof UnreachableError
      ? error.failures
      : client && error instanceof BrokerError
        ? [{ address: client.address, error }]
        : []
  for (const failure of failures) {
    const reason = await explainRefusal(failure.error, { address: failure.address, ...tried })
    if (reason) return reason
  }
  if (!(error instanceof BrokerError)) return error
  return new WorkbookError(
    `The cluster at ${showAddress((client as Client).address)} cannot be used: ${error.message}.`,
    'Is it up, and is this the address of a broker?',
  )
}

/**
 * Clients follow the addresses that nodes advertise. That of a single node is not needed: the wiretap leads to where it answered.
 */
async function reachNodes(client: Client, foreign: boolean): Promise<void> {
  const { brokers } = await client.metadata([])
  if (brokers.length < 2) return
  if (!foreign) refuseForeign(brokers)
  for (const { nodeId, host, port } of brokers) {
    try {
      await client.connectTo(nodeId)
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error
      throw new WorkbookError(
        `Node ${nodeId} of the cluster says that it is at ${showAddress({ host, port })}, and there it cannot be reached.`,
        `${error.message}\nIts advertised.listeners must hold an address that this machine can reach, also through a tunnel or a VPN.`,
      )
    }
  }
}

function refuseForeign(addresses: readonly Address[]): void {
  const far = addresses.find(({ host }) => !isLoopback(host))
  if (!far) return
  throw new WorkbookError(
    `${far.host} is another machine, and may hold what others need.`,
    'If you may try things there, add --foreign: answers are then kept to topics and groups of their own (docs/named-cluster.md).',
  )
}

/** Asks a node for its `group.min.session.timeout.ms`; Kafka's default where it does not tell. */
async function shortestSession(client: Client): Promise<number> {
  try {
    const { brokers } = await client.metadata([])
    const nodeId = brokers[0]?.nodeId ?? 0
    const resource = {
      resourceType: RESOURCE_TYPES.BROKER,
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
