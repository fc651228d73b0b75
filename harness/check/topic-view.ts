import { BrokerError, retryOn, throwOnError } from '../kafka/client/broker-error.ts'
import type { Client, ClusterMetadata } from '../kafka/client/client.ts'
import { Produce } from '../kafka/protocol/api/00-produce.ts'
import { CreateTopics } from '../kafka/protocol/api/19-create-topics.ts'
import { DescribeConfigs } from '../kafka/protocol/api/32-describe-configs.ts'
import { writeBatch } from '../kafka/protocol/record-batch.ts'
import { RESOURCE_TYPES } from '../kafka/protocol/resource-types.ts'
import type { NewRecord, StoredRecord, TopicView } from './fixtures.ts'
import { endOffsets, type LedPartition, readLog } from './topic-log.ts'

/** How long a topic may take to get leaders, in milliseconds. */
const LEADERS_MS = 10_000

/** How long a topic may take to show up after its creation was answered: KRaft spreads metadata after the answer. */
const SHOW_UP_MS = 250

const MISSING = 'UNKNOWN_TOPIC_OR_PARTITION'
const NO_LEADER_YET = [MISSING, 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_OR_FOLLOWER']

/**
 * A topic as the broker has it. All requests go over the harness's own `client`, past the wiretap. Every function rejects with
 * BrokerError when the broker does not do its part, and, where there is no null for it, when the topic does not exist.
 */
export function topicView(client: Client, name: string): TopicView {
  return {
    name,
    records: () => withLeaders(client, name, (places) => readLog(client, name, places)).then(inOrder),
    endOffsets: () => withLeaders(client, name, (places) => endOffsets(client, name, places)).then(asTexts),
    partitions: () => orNull(async () => (await describe(client, name)).partitions.length),
    config: (key) => orNull(() => readConfig(client, name, key)),
    create: (options) => create(client, name, options),
    append: (records) => append(client, name, records),
  }
}

function inOrder(records: StoredRecord[]): StoredRecord[] {
  return records.sort((a, b) => a.partition - b.partition || (BigInt(a.offset) < BigInt(b.offset) ? -1 : 1))
}

function asTexts(offsets: Map<number, bigint>): Record<number, string> {
  return Object.fromEntries([...offsets].map(([partition, offset]) => [partition, String(offset)]))
}

type Topic = ClusterMetadata['topics'][number]

/** The topic as one node sees it; throws BrokerError with Kafka's code when that node does not know it. */
async function describe(client: Client, name: string, nodeId?: number): Promise<Topic> {
  const { topics } = await client.metadata([name], nodeId === undefined ? 'any' : { nodeId })
  const topic = topics[0]
  throwOnError(topic?.errorCode ?? -1, `looking at topic ${name}`)
  return topic as Topic
}

/** The partitions and their leaders; throws LEADER_NOT_AVAILABLE while one has none. */
async function leaders(client: Client, name: string, nodeId?: number): Promise<LedPartition[]> {
  const { partitions } = await describe(client, name, nodeId)
  return partitions.map(({ partitionIndex, leaderId, errorCode }) => {
    throwOnError(errorCode, `looking for the leader of ${name} partition ${partitionIndex}`)
    return { partition: partitionIndex, leaderId }
  })
}

/** Works with the leaders of all partitions, and does so again while they are on the move. */
async function withLeaders<T>(
  client: Client,
  name: string,
  work: (places: LedPartition[]) => Promise<T>,
): Promise<T> {
  // A topic that does not exist is told early; one that is there may take its time to elect.
  await retryOn([MISSING], SHOW_UP_MS, () => describe(client, name))
  return retryOn(NO_LEADER_YET, LEADERS_MS, async () => work(await leaders(client, name)))
}

/** Null for a topic that does not exist, and does not show up within a moment either. */
async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await retryOn([MISSING], SHOW_UP_MS, ask)
  } catch (error) {
    if (error instanceof BrokerError && error.code === MISSING) return null
    throw error
  }
}

async function readConfig(client: Client, topic: string, key: string): Promise<string | null> {
  const body = {
    resources: [{ resourceType: RESOURCE_TYPES.TOPIC, resourceName: topic, configurationKeys: [key] }],
    includeSynonyms: false,
    includeDocumentation: false,
  }
  const result = (await client.request(DescribeConfigs, 'highest', body)).results[0]
  throwOnError(result?.errorCode ?? -1, `reading ${key} of topic ${topic}`, result?.errorMessage)
  const entry = result?.configs.find((one) => one.name === key)
  if (!entry) throw new BrokerError(`Topics have no configuration "${key}"`)
  return entry.value
}

async function create(
  client: Client,
  name: string,
  options: Parameters<TopicView['create']>[0],
): Promise<void> {
  const body = {
    topics: [
      {
        name,
        numPartitions: options.partitions,
        replicationFactor: -1,
        assignments: [],
        configs: Object.entries(options.config ?? {}).map(([key, value]) => ({ name: key, value })),
      },
    ],
    timeoutMs: LEADERS_MS,
    validateOnly: false,
  }
  const { topics } = await client.request(CreateTopics, 'highest', body, 'controller')
  throwOnError(topics[0]?.errorCode ?? -1, `creating topic ${name}`, topics[0]?.errorMessage)
  await untilServed(client, name)
}

/** Resolves when every node knows the topic's leaders, and they serve it. Rejects with BrokerError after ten seconds. */
export async function untilServed(client: Client, name: string): Promise<void> {
  // Every node has to know it: clients ask any of them.
  const nodeIds = [...client.nodes().keys()]
  await Promise.all(nodeIds.map((id) => retryOn(NO_LEADER_YET, LEADERS_MS, () => leaders(client, name, id))))
  // KRaft shows a leader a moment before that leader serves: the first request of a check would meet an error.
  await withLeaders(client, name, (places) => endOffsets(client, name, places))
}

async function append(client: Client, name: string, records: NewRecord[]): Promise<void> {
  for (const partition of new Set(records.map(partitionOf))) {
    const batch = writeBatch({ records: records.filter((one) => partitionOf(one) === partition).map(encode) })
    const body = {
      transactionalId: null,
      acks: -1,
      timeoutMs: LEADERS_MS,
      topicData: [{ name, partitionData: [{ index: partition, records: batch }] }],
    }
    await retryOn(NO_LEADER_YET, LEADERS_MS, async () => {
      const to = { leaderOf: { topic: name, partition } }
      const { responses } = await client.request(Produce, 'highest', body, to)
      const answer = responses[0]?.partitionResponses[0]
      throwOnError(answer?.errorCode ?? -1, `writing to ${name} partition ${partition}`, answer?.errorMessage)
    })
  }
}

function partitionOf({ partition = 0 }: NewRecord): number {
  return partition
}

function encode({
  key,
  value,
  headers,
  timestamp,
}: NewRecord): Parameters<typeof writeBatch>[0]['records'][number] {
  const bytes = (text: string | null | undefined) => (text == null ? null : Buffer.from(text, 'utf8'))
  return {
    timestamp: BigInt(timestamp ?? Date.now()),
    key: bytes(key),
    value: bytes(value),
    headers: Object.entries(headers ?? {}).map(([header, text]) => [header, bytes(text)]),
  }
}
