import { WorkbookError } from '../../errors.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { FindCoordinator } from '../protocol/api/10-find-coordinator.ts'
import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import type { AnyApi, Api, ResponseOf } from '../protocol/api.ts'
import { uuid } from '../protocol/codec.ts'
import { type Address, parseBootstrap, showAddress } from './address.ts'
import { BrokerError, retryOn, throwOnError } from './broker-error.ts'
import { Connection, type ConnectionOptions } from './connection.ts'

export { BrokerError } from './broker-error.ts'

/** Which node is asked; default is the one that answered first. */
type Target =
  | 'any'
  | 'controller'
  | { nodeId: number }
  | { leaderOf: { topic: string; partition: number } }
  | { coordinatorOf: string }

export type ClusterMetadata = ResponseOf<typeof Metadata>

/** A raw wire client for the harness itself: no retries, no caches, every answer as Kafka gave it. */
export interface Client {
  /**
   * Sends one request and resolves with the answer, whatever error codes it holds. `version` is the highest one to use:
   * a broker that does not have it is asked in its own highest. Several requests may be under way at once. Rejects with
   * BrokerError when no answer comes in time, the connection is lost, or the target cannot be found.
   */
  request<Request, Response>(
    api: Api<Request, Response>,
    version: number | 'highest',
    body: NoInfer<Request>,
    to?: Target,
  ): Promise<Response>
  /** Connects to a node that the last Metadata answer named. Rejects with BrokerError. */
  connectTo(nodeId: number): Promise<void>
  /** Metadata of these topics, or of all. Never creates a topic. */
  metadata(topics: string[] | null, to?: Target): Promise<ClusterMetadata>
  /** The bootstrap address that answered. */
  readonly address: Address
  /** The nodes and where they can be reached, as of the last Metadata answer. */
  nodes(): Map<number, Address>
  close(): void
}

/** No bootstrap address answered. `failures` tells why, one for each. */
export class UnreachableError extends WorkbookError {
  readonly failures: { address: Address; error: BrokerError }[]

  constructor(bootstrap: string, failures: { address: Address; error: BrokerError }[]) {
    super(
      `No Kafka broker answers at ${bootstrap}.`,
      `${failures.map(({ error }) => error.message).join('\n')}\nIs the broker running, and is this its address?`,
    )
    this.failures = failures
  }
}

/** A group's coordinator may still be loading, or be on the move. */
const COORDINATOR_MOVES = ['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS']

/**
 * Connects to the first of the `bootstrap` addresses that answers. `timeoutMs` is the deadline of each connection and of each
 * request. Rejects with UnreachableError, a WorkbookError, when none answers as Kafka does.
 */
export async function connect(bootstrap: string, options: ConnectionOptions): Promise<Client> {
  const failures: UnreachableError['failures'] = []
  for (const address of parseBootstrap(bootstrap)) {
    let connection: Connection | undefined
    try {
      connection = await Connection.open(address, options)
      // Version 0 is the one that every broker answers.
      const versions = await connection.request(ApiVersions, 0, ApiVersions.request.absent)
      throwOnError(versions.errorCode, `asking ${showAddress(address)} for its versions`)
      return new WireClient(connection, versions.apiKeys, options)
    } catch (error) {
      connection?.close()
      if (!(error instanceof BrokerError)) throw error
      failures.push({ address, error })
    }
  }
  throw new UnreachableError(bootstrap, failures)
}

type VersionRanges = ResponseOf<typeof ApiVersions>['apiKeys']

class WireClient implements Client {
  readonly address: Address
  private readonly ranges: VersionRanges
  private readonly options: ConnectionOptions
  private readonly addresses = new Map<number, Address>()
  private readonly connections = new Map<string, Promise<Connection>>()

  constructor(bootstrap: Connection, ranges: VersionRanges, options: ConnectionOptions) {
    this.address = bootstrap.address
    this.ranges = ranges
    this.options = options
    this.connections.set(showAddress(bootstrap.address), Promise.resolve(bootstrap))
  }

  async request<Request, Response>(
    api: Api<Request, Response>,
    version: number | 'highest',
    body: NoInfer<Request>,
    to: Target = 'any',
  ): Promise<Response> {
    const connection = await this.connectionTo(to)
    return connection.request(api, this.versionOf(api, version), body)
  }

  async metadata(topics: string[] | null, to: Target = 'any'): Promise<ClusterMetadata> {
    const connection = await this.connectionTo(to)
    const body = {
      ...Metadata.request.absent,
      topics: topics?.map((name) => ({ topicId: uuid.absent, name })) ?? null,
      allowAutoTopicCreation: false,
    }
    const answer = await connection.request(Metadata, this.versionOf(Metadata, 'highest'), body)
    this.addresses.clear()
    for (const { nodeId, host, port } of answer.brokers) this.addresses.set(nodeId, { host, port })
    // A single node is the one that just answered, even where its advertised address cannot be reached from here.
    const [only, ...others] = answer.brokers
    if (only && others.length === 0) this.addresses.set(only.nodeId, connection.address)
    return answer
  }

  async connectTo(nodeId: number): Promise<void> {
    await this.connectionTo({ nodeId })
  }

  nodes(): Map<number, Address> {
    return new Map(this.addresses)
  }

  close(): void {
    for (const connection of this.connections.values()) {
      connection.then(
        (open) => open.close(),
        () => {},
      )
    }
  }

  private versionOf(api: AnyApi, wanted: number | 'highest'): number {
    const range = this.ranges.find((one) => one.apiKey === api.key)
    const [first, last] = api.versions
    const version = Math.min(wanted === 'highest' ? last : wanted, last, range?.maxVersion ?? -1)
    if (!range || version < Math.max(first, range.minVersion)) {
      const offer = range ? `${range.minVersion} to ${range.maxVersion}` : 'none'
      throw new BrokerError(
        `${api.name}: the broker offers versions ${offer}, the workbook needs one of ${first} to ${last}`,
      )
    }
    return version
  }

  private async connectionTo(to: Target): Promise<Connection> {
    if (to === 'any') return this.open(this.address)
    const nodeId = await this.nodeOf(to)
    if (!this.addresses.has(nodeId)) await this.metadata([])
    const address = this.addresses.get(nodeId)
    if (!address) throw new BrokerError(`Node ${nodeId} is not in the cluster`)
    return this.open(address)
  }

  private async nodeOf(to: Exclude<Target, 'any'>): Promise<number> {
    if (to === 'controller') return (await this.metadata([])).controllerId
    if ('nodeId' in to) return to.nodeId
    if ('coordinatorOf' in to) return this.coordinatorOf(to.coordinatorOf)
    const { topic, partition } = to.leaderOf
    const found = (await this.metadata([topic])).topics[0]
    const where = `looking for the leader of ${topic} partition ${partition}`
    throwOnError(found?.errorCode ?? 0, where)
    const leader = found?.partitions.find((one) => one.partitionIndex === partition)
    if (!leader) throw new BrokerError(`No such partition while ${where}`)
    throwOnError(leader.errorCode, where)
    return leader.leaderId
  }

  /** Retries within the client's deadline: the first group of a fresh cluster has to wait for its coordinator. */
  private coordinatorOf(group: string): Promise<number> {
    return retryOn(COORDINATOR_MOVES, this.options.timeoutMs, async () => {
      const body = { key: group, keyType: 0, coordinatorKeys: [] }
      const answer = await this.request(FindCoordinator, 3, body)
      throwOnError(answer.errorCode, `looking for the coordinator of group ${group}`, answer.errorMessage)
      return answer.nodeId
    })
  }

  /** One connection per address, opened again when it was lost. */
  private async open(address: Address): Promise<Connection> {
    const name = showAddress(address)
    const known = this.connections.get(name)
    if (known) {
      const connection = await known
      if (!connection.closed) return connection
    }
    if (this.connections.get(name) === known) {
      const opening = Connection.open(address, this.options)
      opening.catch(() => this.connections.delete(name))
      this.connections.set(name, opening)
    }
    return this.connections.get(name) as Promise<Connection>
  }
}
