import { type Client, connect } from '../../../kafka/client/client.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../../../kafka/protocol/api/10-find-coordinator.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { InitProducerId } from '../../../kafka/protocol/api/22-init-producer-id.ts'
import { AddPartitionsToTxn } from '../../../kafka/protocol/api/24-add-partitions-to-txn.ts'
import { AddOffsetsToTxn } from '../../../kafka/protocol/api/25-add-offsets-to-txn.ts'
import { EndTxn } from '../../../kafka/protocol/api/26-end-txn.ts'
import { TxnOffsetCommit } from '../../../kafka/protocol/api/28-txn-offset-commit.ts'
import { readMarker } from '../../../kafka/protocol/control-batch.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import {
  readBatchHeader,
  readRecords,
  splitBatches,
  writeBatch,
} from '../../../kafka/protocol/record-batch.ts'
import { freshName, testBroker } from '../test-broker.ts'
import { configs, fetchFrom, newTopic, record } from './requests.ts'

/** What a producer says of itself in every transactional request. */
export interface Producer {
  transactionalId: string
  producerId: bigint
  producerEpoch: number
}

/** Kafka writes the markers after it has answered EndTxn; until then these come, and clients ask again. */
const NOT_YET = [
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
]

/** The two kinds of coordinators; a fresh Kafka makes their internal topics when somebody looks for them. */
const GROUP = 0
const TRANSACTION = 1

/** How often transactions are looked through for those that took too long; real Kafka's 10 s stay. */
const TIMEOUT_CHECK = 'transaction.abort.timed.out.transaction.cleanup.interval.ms'

/** Asks again, as clients do, while the answer is one of NOT_YET. */
async function whenReady<T>(error: (answer: T) => string, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (!NOT_YET.includes(error(answer))) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/**
 * Raw transactional requests against a broker, the embedded one unless WORKBOOK_TEST_BROKER names another. `settings` are for
 * the embedded one.
 */
export async function transactionScene(settings: Record<string, string> = {}) {
  const broker = await testBroker({ [TIMEOUT_CHECK]: '50', ...settings })
  const client = await connect(broker.bootstrap, { timeoutMs: 20_000 })
  for (const keyType of [GROUP, TRANSACTION]) {
    await whenReady(
      ({ errorCode }) => errorName(errorCode),
      () => client.request(FindCoordinator, 2, { key: 'warm-up', keyType, coordinatorKeys: [] }),
    )
  }
  return { ...requestsTo(client), bootstrap: broker.bootstrap, client, close }

  async function close(): Promise<void> {
    client.close()
    await broker.close()
  }
}

export type TransactionScene = Awaited<ReturnType<typeof transactionScene>>

function requestsTo(client: Client) {
  async function topicWith(partitions = 1, settings: Record<string, string> = {}): Promise<string> {
    const name = freshName()
    await createTopic(name, partitions, settings)
    return name
  }

  async function createTopic(name: string, partitions = 1, settings: Record<string, string> = {}) {
    const topics = [newTopic(name, { numPartitions: partitions, configs: configs(settings) })]
    await client.request(CreateTopics, 4, { topics, timeoutMs: 10_000, validateOnly: false })
    // A real broker hears of a new topic a moment after the controller made it, and opens its logs later still.
    for (let partition = 0; partition < partitions; partition++) {
      while ((await listPartition(name, -1n, 0, partition)).errorCode !== 0);
    }
  }

  async function listPartition(topic: string, timestamp: bigint, isolationLevel: 0 | 1, partitionIndex = 0) {
    const partitions = [{ partitionIndex, currentLeaderEpoch: -1, timestamp }]
    const body = { replicaId: -1, isolationLevel, topics: [{ name: topic, partitions }] }
    const answer = (await client.request(ListOffsets, 5, body)).topics[0]?.partitions[0]
    if (!answer) throw new Error('an answer without partition')
    return answer
  }

  async function tryInit(transactionalId: string | null, transactionTimeoutMs = 60_000) {
    const body = { transactionalId, transactionTimeoutMs, producerId: -1n, producerEpoch: -1 }
    const { errorCode, producerId, producerEpoch } = await client.request(InitProducerId, 1, body)
    return { error: errorName(errorCode), producerId, producerEpoch }
  }

  /** A producer that may begin a transaction. */
  async function init(transactionalId = freshName(), transactionTimeoutMs = 60_000): Promise<Producer> {
    const { error, ...identity } = await whenReady(
      (answer) => answer.error,
      () => tryInit(transactionalId, transactionTimeoutMs),
    )
    if (error !== 'NONE') throw new Error(`InitProducerId: ${error}`)
    return { transactionalId, ...identity }
  }

  /** The error of each partition, in the order of the answer. */
  async function add(producer: Producer, topics: Record<string, number[]>, version = 1): Promise<string[]> {
    const body = {
      v3AndBelowTransactionalId: producer.transactionalId,
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: Object.entries(topics).map(([name, partitions]) => ({ name, partitions })),
    }
    const answer = await whenReady(
      ({ resultsByTopicV3AndBelow: [first] }) =>
        errorName(first?.resultsByPartition[0]?.partitionErrorCode ?? 0),
      () => client.request(AddPartitionsToTxn, version, body),
    )
    return answer.resultsByTopicV3AndBelow
      .sort((one, other) => Object.keys(topics).indexOf(one.name) - Object.keys(topics).indexOf(other.name))
      .flatMap(({ resultsByPartition }) => resultsByPartition)
      .map(({ partitionErrorCode }) => errorName(partitionErrorCode))
  }

  async function addGroup(producer: Producer, groupId: string, version = 1): Promise<string> {
    const answer = await whenReady(
      ({ errorCode }) => errorName(errorCode),
      () => client.request(AddOffsetsToTxn, version, { ...producer, groupId }),
    )
    return errorName(answer.errorCode)
  }

  async function end(producer: Producer, how: 'commit' | 'abort', version = 1): Promise<string> {
    const answer = await whenReady(
      ({ errorCode }) => errorName(errorCode),
      () => client.request(EndTxn, version, { ...producer, committed: how === 'commit' }),
    )
    return errorName(answer.errorCode)
  }

  /** Sends one record; `given` changes what a well-behaved transactional producer would send. */
  async function send(topic: string, producer: Producer, baseSequence: number, given: SendOptions = {}) {
    const { transactional = true, value = 'v', partition = 0, transactionalId, acks = -1 } = given
    const content = { records: [record('k', value)], ...producer, baseSequence, transactional }
    const { responses } = await client.request(Produce, 8, {
      transactionalId: transactionalId === undefined ? producer.transactionalId : transactionalId,
      acks,
      timeoutMs: 5000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records: writeBatch(content) }] }],
    })
    const answer = responses[0]?.partitionResponses[0]
    if (!answer) throw new Error('an answer without partition')
    return { ...answer, error: errorName(answer.errorCode) }
  }

  /** One whole transaction: a record to partition 0, then its end, seen by readers. */
  async function transact(topic: string, producer: Producer, baseSequence: number, how: 'commit' | 'abort') {
    await add(producer, { [topic]: [0] })
    const { error, baseOffset } = await send(topic, producer, baseSequence)
    if (error !== 'NONE') throw new Error(`Produce: ${error}`)
    await end(producer, how)
    await settled(topic)
    return baseOffset
  }

  /** Waits until no transaction is open in partition 0. */
  async function settled(topic: string): Promise<void> {
    for (;;) {
      const { highWatermark, lastStableOffset } = await read(topic)
      if (highWatermark === lastStableOffset) return
    }
  }

  /** `3` for a record at offset 3, `4 commit` for a marker, and what the answer says of the partition. */
  async function read(topic: string, given: ReadOptions = {}) {
    const { isolation = 'committed', from = 0n, ...limits } = given
    const isolationLevel = isolation === 'committed' ? 1 : 0
    const { responses } = await client.request(
      Fetch,
      11,
      fetchFrom(topic, from, { isolationLevel, ...limits }),
    )
    const partition = responses[0]?.partitions[0]
    if (!partition) throw new Error('an answer without partition')
    return {
      error: errorName(partition.errorCode),
      highWatermark: partition.highWatermark,
      lastStableOffset: partition.lastStableOffset,
      aborted: partition.abortedTransactions,
      entries: splitBatches(partition.records ?? Buffer.alloc(0)).flatMap(entriesOf),
    }
  }

  async function listOffset(topic: string, timestamp: bigint, isolationLevel: 0 | 1) {
    return (await listPartition(topic, timestamp, isolationLevel)).offset
  }

  async function commitOffset(producer: Producer, groupId: string, topic: string, offset: bigint, index = 0) {
    const partition = { partitionIndex: index, committedOffset: offset, committedLeaderEpoch: -1 }
    const topics = [{ name: topic, partitions: [{ ...partition, committedMetadata: null }] }]
    const member = { generationId: -1, memberId: '', groupInstanceId: null }
    const answer = await whenReady(
      (one) => errorName(one.topics[0]?.partitions[0]?.errorCode ?? 0),
      () => client.request(TxnOffsetCommit, 2, { ...producer, ...member, groupId, topics }),
    )
    return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? 0)
  }

  /** A commit outside of every transaction, by a client that is no member. */
  async function commitPlainly(groupId: string, topic: string, offset: bigint): Promise<string> {
    const partition = { partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1 }
    const topics = [{ name: topic, partitions: [{ ...partition, committedMetadata: null }] }]
    const body = { ...OffsetCommit.request.absent, groupId, generationIdOrMemberEpoch: -1, topics }
    const answer = await client.request(OffsetCommit, 7, body)
    return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? 0)
  }

  async function committed(groupId: string, topic: string): Promise<bigint | undefined> {
    const topics = [{ name: topic, partitionIndexes: [0] }]
    const body = { ...OffsetFetch.request.absent, groupId, topics }
    return (await client.request(OffsetFetch, 5, body)).topics[0]?.partitions[0]?.committedOffset
  }

  const groupScene = { addGroup, commitOffset, commitPlainly, committed }
  return {
    topicWith,
    createTopic,
    tryInit,
    init,
    add,
    end,
    send,
    transact,
    settled,
    read,
    listOffset,
    ...groupScene,
  }
}

interface SendOptions {
  transactional?: boolean
  value?: string
  partition?: number
  transactionalId?: string | null
  acks?: number
}

interface ReadOptions {
  isolation?: 'committed' | 'uncommitted'
  from?: bigint
  maxBytes?: number
  maxWaitMs?: number
}

function entriesOf(batch: Buffer): string[] {
  const marker = readBatchHeader(batch).control ? ` ${readMarker(batch)}` : ''
  return readRecords(batch).map(({ offset }) => `${offset}${marker}`)
}
