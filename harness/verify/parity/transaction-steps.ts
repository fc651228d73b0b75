import { Produce } from '../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../kafka/protocol/api/01-fetch.ts'
import { InitProducerId } from '../../kafka/protocol/api/22-init-producer-id.ts'
import { AddPartitionsToTxn } from '../../kafka/protocol/api/24-add-partitions-to-txn.ts'
import { AddOffsetsToTxn } from '../../kafka/protocol/api/25-add-offsets-to-txn.ts'
import { EndTxn } from '../../kafka/protocol/api/26-end-txn.ts'
import type { TxnOffsetCommit } from '../../kafka/protocol/api/28-txn-offset-commit.ts'
import type { RequestOf, ResponseOf } from '../../kafka/protocol/api.ts'
import { errorCode } from '../../kafka/protocol/error-codes.ts'
import { writeBatch } from '../../kafka/protocol/record-batch.ts'
import { fetch, fetchPartition, produce, record } from './requests.ts'
import type { Scene } from './scene.ts'

/** What transactional producers do, with what most sequences want. */

export interface Producer {
  transactionalId: string
  producerId: bigint
  producerEpoch: number
}

const CONCURRENT = errorCode('CONCURRENT_TRANSACTIONS')
const READ_COMMITTED = 1

export function init(
  transactionalId: string | null,
  given: Partial<RequestOf<typeof InitProducerId>> = {},
): RequestOf<typeof InitProducerId> {
  return { transactionalId, transactionTimeoutMs: 60_000, producerId: -1n, producerEpoch: -1, ...given }
}

/** A producer that may begin a transaction. Its predecessor's may have to be aborted first. */
export async function producer(
  scene: Scene,
  label = 'writer',
  transactionTimeoutMs = 60_000,
): Promise<Producer> {
  const transactionalId = scene.name(label)
  const body = init(transactionalId, { transactionTimeoutMs })
  const answer = await scene.peer.until(InitProducerId, 1, body, ({ errorCode }) => errorCode !== CONCURRENT)
  return { transactionalId, producerId: answer.producerId, producerEpoch: answer.producerEpoch }
}

export function addPartitions(
  { transactionalId, producerId, producerEpoch }: Producer,
  topics: Record<string, number[]>,
): RequestOf<typeof AddPartitionsToTxn> {
  return {
    v3AndBelowTransactionalId: transactionalId,
    v3AndBelowProducerId: producerId,
    v3AndBelowProducerEpoch: producerEpoch,
    v3AndBelowTopics: Object.entries(topics).map(([name, partitions]) => ({ name, partitions })),
  }
}

/** No partition waits for the end of the transaction before. */
export function isAdded({
  resultsByTopicV3AndBelow: topics,
}: ResponseOf<typeof AddPartitionsToTxn>): boolean {
  return topics.every((topic) =>
    topic.resultsByPartition.every((one) => one.partitionErrorCode !== CONCURRENT),
  )
}

/** Puts a partition into the next transaction, once the one before has ended. */
export async function begin(scene: Scene, from: Producer, topic: string, partition = 0): Promise<void> {
  await scene.peer.until(AddPartitionsToTxn, 1, addPartitions(from, { [topic]: [partition] }), isAdded)
}

export async function beginWithOffsets(scene: Scene, from: Producer, groupId: string): Promise<void> {
  const body = { ...from, groupId }
  await scene.peer.until(AddOffsetsToTxn, 1, body, ({ errorCode }) => errorCode !== CONCURRENT)
}

/** One record of the producer's, with the sequence number that is given. */
export function sendBody(
  scene: Scene,
  topic: string,
  from: Producer,
  baseSequence: number,
  {
    value = 'v',
    transactional = true,
    index = 0,
  }: { value?: string; transactional?: boolean; index?: number } = {},
): RequestOf<typeof Produce> {
  const { producerId, producerEpoch } = from
  const records = [record(scene.time(baseSequence), 'k', value)]
  const batch = writeBatch({ records, producerId, producerEpoch, baseSequence, transactional })
  return produce(topic, batch, { transactionalId: transactional ? from.transactionalId : null, index })
}

export async function send(
  scene: Scene,
  topic: string,
  from: Producer,
  baseSequence: number,
  given: Parameters<typeof sendBody>[4] = {},
): Promise<void> {
  await scene.peer.ask(Produce, 8, sendBody(scene, topic, from, baseSequence, given))
}

export async function end(scene: Scene, from: Producer, how: 'commit' | 'abort', version = 1): Promise<void> {
  await scene.peer.ask(EndTxn, version, { ...from, committed: how === 'commit' })
}

/** Reads a partition as a read_committed consumer does, as soon as no transaction is open in it. */
export async function readCommitted(scene: Scene, topic: string, from = 0n): Promise<void> {
  const body = fetch(topic, [fetchPartition(from)], { isolationLevel: READ_COMMITTED })
  await scene.peer.until(Fetch, 11, body, ({ responses }) => {
    const partition = responses[0]?.partitions[0]
    return partition?.highWatermark === partition?.lastStableOffset
  })
}

/** Reads a partition as it is now. */
export async function readNow(scene: Scene, topic: string, isolationLevel = READ_COMMITTED): Promise<void> {
  await scene.peer.ask(Fetch, 11, fetch(topic, undefined, { isolationLevel }))
}

export function txnCommit(
  { transactionalId, producerId, producerEpoch }: Producer,
  groupId: string,
  topic: string,
  offset = 5n,
  index = 0,
): RequestOf<typeof TxnOffsetCommit> {
  const partition = {
    partitionIndex: index,
    committedOffset: offset,
    committedLeaderEpoch: -1,
    committedMetadata: 'in a transaction',
  }
  return {
    transactionalId,
    groupId,
    producerId,
    producerEpoch,
    generationId: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [{ name: topic, partitions: [partition] }],
  }
}
