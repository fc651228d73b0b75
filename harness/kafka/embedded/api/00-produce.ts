import { Produce } from '../../protocol/api/00-produce.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { checkOneBatch, RecordsRefused } from '../batch-rules.ts'
import { handler } from '../handler.ts'
import type { Appended } from '../log.ts'
import { Refusal } from '../refusal.ts'
import type { State } from '../state.ts'
import { checkLeader } from '../wrong-node.ts'

type PartitionResponse = ResponseOf<typeof Produce>['responses'][number]['partitionResponses'][number]

/**
 * Produce, versions 3 to 8. Kafka 4 advertises 0 to 2 as well, and closes the connection when they come (KAFKA-18659):
 * old librdkafka looks for version 0 before it compresses anything.
 *
 * With acks=0 there is no answer at all, and an error closes the connection, so that the client notices something.
 * `min.insync.replicas` counts for acks=-1 alone, and Kafka looks before it appends (Partition.appendRecordsToLeader).
 * An error names one partition; the others are stored.
 */
export const produce = handler(Produce, [0, 8], ({ acks, topicData }, { state, nodeId }) => {
  const responses = topicData.map(({ name, partitionData }) => ({
    name,
    partitionResponses: partitionData.map(({ index, records }) =>
      append(state, nodeId, { name, index, records, acks }),
    ),
  }))
  if (acks !== 0) return { responses, throttleTimeMs: 0 }
  const refused = responses.flatMap((one) => one.partitionResponses).some((one) => one.errorCode !== 0)
  if (refused) throw new Refusal('UNKNOWN_SERVER_ERROR', 'a Produce request with acks=0 was refused')
  return null
})

const UNKNOWN_OFFSET = -1n

/** Errors that Kafka expects: it answers them without the start of the log (ReplicaManager.appendToLocalLog). */
const WITHOUT_START: ReadonlySet<ErrorName> = new Set([
  'CORRUPT_MESSAGE',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
])

interface ForPartition {
  name: string
  index: number
  records: Buffer | null
  acks: number
}

function append(
  state: State,
  nodeId: number,
  { name, index, records, acks }: ForPartition,
): PartitionResponse {
  const topic = state.topics.get(name)
  const partition = topic?.partitions[index]
  let startOffset = UNKNOWN_OFFSET
  try {
    if (!topic || !partition) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION')
    const batch = checkOneBatch(records)
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
