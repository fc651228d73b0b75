import { WorkbookError } from '../errors.ts'
import { showAddress } from './client/address.ts'
import type { Client } from './client/client.ts'
import type { Security } from './client/security.ts'
import { Fetch } from './protocol/api/01-fetch.ts'
import { Metadata } from './protocol/api/03-metadata.ts'
import { ApiVersions } from './protocol/api/18-api-versions.ts'
import { CreateTopics } from './protocol/api/19-create-topics.ts'
import { errorName } from './protocol/error-codes.ts'

/** Offered by brokers with ZooKeeper only (LeaderAndIsrRequest.json of Kafka 3: `listeners: [zkBroker]`). */
const LEADER_AND_ISR = 4
/** Kafka 3.0 brought it (KIP-664), so an older one is without. */
const DESCRIBE_TRANSACTIONS = 65

/**
 * The version of Kafka, as far as ApiVersions tells: `4.x`, or `unknown`. Throws WorkbookError for what is no broker, or one that
 * is too old for the workbook.
 */
export async function requireKafka4(client: Client): Promise<string> {
  const name = showAddress(client.address)
  const { apiKeys } = await client.request(ApiVersions, 0, ApiVersions.request.absent)
  const has = (key: number) => apiKeys.some(({ apiKey }) => apiKey === key)
  if (!has(Metadata.key)) {
    throw new WorkbookError(
      `${name} is the port of a controller, not of a broker.`,
      'Name the port that brokers have for clients: the one in their advertised.listeners, often 9092.',
    )
  }
  if (has(LEADER_AND_ISR) && !has(DESCRIBE_TRANSACTIONS)) {
    throw new WorkbookError(
      `${name} is a Kafka of the years of ZooKeeper, older than 3.0, and the workbook is about Kafka 4.`,
      'Name a newer cluster, or leave --broker out.',
    )
  }
  // Kafka 4.0 removed the versions of Fetch below 4 (KIP-896). Nothing on the wire tells more than that.
  const fetch = apiKeys.find(({ apiKey }) => apiKey === Fetch.key)
  return fetch && fetch.minVersion >= 4 ? '4.x' : 'unknown'
}

const REFUSED = ['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'POLICY_VIOLATION']

/** Every check has a topic of its own, so asks to create one, which Kafka only validates. Throws WorkbookError when it says no. */
export async function checkRights(client: Client, security: Security | null): Promise<void> {
  const topic = {
    name: 'wb-may-I-create-topics',
    numPartitions: 1,
    replicationFactor: -1,
    assignments: [],
    configs: [],
  }
  const request = { topics: [topic], timeoutMs: 10_000, validateOnly: true }
  const { topics } = await client.request(CreateTopics, 'highest', request, 'controller')
  const { errorCode = 0, errorMessage = null } = topics[0] ?? {}
  const error = errorName(errorCode)
  if (!REFUSED.includes(error)) return
  const user = security?.sasl?.username ?? (security?.tls?.cert || security?.tls?.pfx ? null : 'ANONYMOUS')
  const principal = user === null ? "'User:NAME OF THE CERTIFICATE'" : `User:${user}`
  const said = errorMessage ? ` (${errorMessage})` : ''
  throw new WorkbookError(
    `${user ?? 'This client'} may not create topics at ${showAddress(client.address)}: ${error}${said}.`,
    [
      'Whoever runs the cluster can allow it, for names that begin with wb- and no others:',
      `kafka-acls --bootstrap-server HOST:PORT --add --allow-principal ${principal} --operation All --topic wb- --group wb- --transactional-id wb- --resource-pattern-type prefixed`,
    ].join('\n'),
  )
}
