import { Produce } from '../../protocol/api/00-produce.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { checkOneBatch, RecordsRefused, transactionalHeader } from '../batch-rules.ts'
import { handler } from '../handler.ts'
import type { Appended } from '../log.ts'
import { Refusal } from '../refusal.ts'
import type { State } from '../state.ts'
import type { Partition } from '../topics.ts'
import { checkLeader } from '../wrong-node.ts'

type TopicData = RequestOf<typeof Produce>['topicData'][number]
type PartitionResponse = ResponseOf<typeof Produce>['responses'][number]['partitionResponses'][number]

/**
 * Produce, versions 3 to 9. Kafka 4 advertises 0 to 2 as well, and closes the connection when they come (KAFKA-18659):
 * old librdkafka looks for version 0 before it compresses anything.
 *
 * With acks=0 there is no answer at all, and an error closes the connection, so that the client notices something.
 * `min.insync.replicas` counts for acks=-1 alone, and Kafka looks before it appends (Partition.appendRecordsToLeader).
 * An error names one partition; the others are stored.
 *
 * Batches of a transaction need the transactional id in the request, or nothing of it is stored: nobody may write under no
 * id at all (KafkaApis.handleProduceRequest). Their partition has to be in the transaction (KIP-890).
 */
export const produce = handler(
  Produce,
  [0, 9],
  ({ transactionalId, acks, topicData }, { state, nodeId, apiVersion }) => {
    const hasNoTransaction = transactionalId === null && topicData.some(hasTransactionalBatch)
    const responses = topicData.map(({ name, partitionData }) => ({
      name,
      partitionResponses: partitionData.map(({ index, records }) =>
        hasNoTransaction
          ? refused(index, new Refusal('TRANSACTIONAL_ID_AUTHORIZATION_FAILED'), UNKNOWN_OFFSET)
          : append(state, nodeId, { name, index, records, acks, transactionalId, apiVersion }),
      ),
    }))
    if (acks !== 0) return { responses, throttleTimeMs: 0 }
    const hasError = responses.flatMap((one) => one.partitionResponses).some((one) => one.errorCode !== 0)
    if (hasError) throw new Refusal('UNKNOWN_SERVER_ERROR', 'a Produce request with acks=0 was refused')
    return null
  },
)

const UNKNOWN_OFFSET = -1n

/** Errors that Kafka expects: it answers them without the start of the log (ReplicaManager.appendToLocalLog). */
const WITHOUT_START: ReadonlySet<ErrorName> = new Set([
  'CORRUPT_MESSAGE',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
])

function hasTransactionalBatch({ partitionData }: TopicData): boolean {
  return partitionData.some(({ records }) => records !== null && transactionalHeader(records) !== null)
}

interface ForPartition {
  name: string
  index: number
  records: Buffer | null
  acks: number
  transactionalId: string | null
  apiVersion: number
}

function append(state: State, nodeId: number, asked: ForPartition): PartitionResponse {
  const { name, index, records, acks, apiVersion } = asked
  const topic = state.topics.get(name)
  const partition = topic?.partitions[index]
  let startOffset = UNKNOWN_OFFSET
  try {
    if (!topic || !partition) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION')
    const batch = checkOneBatch(records, apiVersion)
    verifyTransaction(state, asked, partition, batch)
    if (acks < -1 || acks > 1) throw new Refusal('INVALID_REQUIRED_ACKS')
    if (topic.isInternal) throw new Refusal('INVALID_TOPIC_EXCEPTION')
    checkLeader(partition, nodeId)
    startOffset = partition.log.startOffset
    if (acks === -1 && partition.isUnderMinIsr) throw new Refusal('NOT_ENOUGH_REPLICAS')
    return appended(index, partition.log.append(batch), startOffset)
  } catch (error) {
    if (error instanceof Refusal) return refused(index, error, startOffset)
    throw error
  }
}

/** A batch that begins a transaction in this partition needs the coordinator's word; the rest of that transaction does not. */
function verifyTransaction(
  { transactions }: State,
  { name, transactionalId }: ForPartition,
  { index, log }: Partition,
  batch: Buffer,
): void {
  const header = transactionalHeader(batch)
  const isProducers = header !== null && header.producerId >= 0n
  if (!isProducers || transactionalId === null || !log.needsVerification(header)) return
  const { producerId, producerEpoch } = header
  transactions.verifyPartition({ transactionalId, producerId, producerEpoch }, name, index)
}

function appended(
  index: number,
  { baseOffset, logAppendTimeMs }: Appended,
  logStartOffset: bigint,
): PartitionResponse {
  return {
    index,
    errorCode: 0,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors: [],
    errorMessage: null,
  }
}

function refused(index: number, refusal: Refusal, startOffset: bigint): PartitionResponse {
  const problems = refusal instanceof RecordsRefused ? refusal.problems : []
  return {
    index,
    errorCode: errorCode(refusal.error),
    baseOffset: UNKNOWN_OFFSET,
    logAppendTimeMs: -1n,
    logStartOffset: WITHOUT_START.has(refusal.error) ? UNKNOWN_OFFSET : startOffset,
    recordErrors: problems.map(({ batchIndex, text }) => ({ batchIndex, batchIndexErrorMessage: text })),
    errorMessage: refusal.text,
  }
}
