import { DeleteRecords } from '../../protocol/api/21-delete-records.ts'
import { handler } from '../handler.ts'
import { attempt, Refusal } from '../refusal.ts'
import type { State } from '../state.ts'
import type { Partition } from '../topics.ts'
import { checkLeader } from '../wrong-node.ts'

/** In the place of an offset: everything that there is. */
const HIGH_WATERMARK = -1n
const NO_LOW_WATERMARK = -1n

/**
 * DeleteRecords, versions 0 to 2: moves the start of a log at once (KIP-107). An offset before the start changes
 * nothing and is no error. A topic that is only compacted keeps its records (Partition.deleteRecordsOnLeader).
 */
export const deleteRecords = handler(DeleteRecords, [0, 2], ({ topics }, { state, nodeId }) => ({
  throttleTimeMs: 0,
  topics: topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => {
      const { errorCode } = attempt(() => {
        const partition = partitionToTrim(state, nodeId, name, partitionIndex)
        partition.log.deleteRecordsBefore(offset === HIGH_WATERMARK ? partition.log.highWatermark : offset)
      })
      const start = state.topics.partition(name, partitionIndex)?.log.startOffset
      const lowWatermark = errorCode === 0 && start !== undefined ? start : NO_LOW_WATERMARK
      return { partitionIndex, lowWatermark, errorCode }
    }),
  })),
}))

function partitionToTrim({ topics }: State, nodeId: number, name: string, index: number): Partition {
  const topic = topics.get(name)
  const partition = topic?.partitions[index]
  if (!topic || !partition) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION')
  if (topic.isInternal) throw new Refusal('INVALID_TOPIC_EXCEPTION')
  checkLeader(partition, nodeId)
  if (!topic.configs.hasCleanupPolicy('delete')) throw new Refusal('POLICY_VIOLATION')
  return partition
}
