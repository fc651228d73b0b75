import { ListOffsets } from '../../protocol/api/02-list-offsets.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import type { FoundOffset } from '../time-search.ts'
import type { Partition } from '../topics.ts'
import { checkLeader } from '../wrong-node.ts'

type PartitionRequest = RequestOf<typeof ListOffsets>['topics'][number]['partitions'][number]
type PartitionResponse = ResponseOf<typeof ListOffsets>['topics'][number]['partitions'][number]

const LATEST = -1n
const EARLIEST = -2n
const MAX_TIMESTAMP = -3n
const MAX_TIMESTAMP_SINCE = 7
const READ_COMMITTED = 1
const NOTHING_FOUND: FoundOffset = { offset: -1n, timestamp: -1n, leaderEpoch: -1 }

/**
 * ListOffsets, versions 1 to 7. "The end" is the high watermark, or the last stable offset for a read_committed client, as
 * kafkajs's admin is one. No record at or after a time, and before the end, is not an error: the offset is -1 then. A
 * partition that is named twice, anywhere in the request, gets one answer, INVALID_REQUEST (ListOffsetsRequest).
 */
export const listOffsets = handler(
  ListOffsets,
  [1, 7],
  ({ topics, isolationLevel }, { state, apiVersion, nodeId }) => ({
    throttleTimeMs: 0,
    topics: [...byPartition(topics)].map(([name, partitions]) => ({
      name,
      partitions: [...partitions].map(([partitionIndex, wanted]) => {
        if (wanted === 'repeated') return refused(partitionIndex, new Refusal('INVALID_REQUEST'))
        if (wanted.timestamp === MAX_TIMESTAMP && apiVersion < MAX_TIMESTAMP_SINCE) {
          return refused(partitionIndex, new Refusal('UNSUPPORTED_VERSION'))
        }
        return listPartition(state.topics.partition(name, partitionIndex), wanted, isolationLevel, nodeId)
      }),
    })),
  }),
)

type Wanted = Map<number, PartitionRequest | 'repeated'>

function byPartition(topics: RequestOf<typeof ListOffsets>['topics']): Map<string, Wanted> {
  const asked = new Map<string, Wanted>()
  for (const { name, partitions } of topics) {
    const wanted: Wanted = asked.get(name) ?? new Map()
    asked.set(name, wanted)
    for (const one of partitions) {
      wanted.set(one.partitionIndex, wanted.has(one.partitionIndex) ? 'repeated' : one)
    }
  }
  return asked
}

function listPartition(
  partition: Partition | undefined,
  { partitionIndex, currentLeaderEpoch, timestamp }: PartitionRequest,
  isolationLevel: number,
  nodeId: number,
): PartitionResponse {
  try {
    if (!partition) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION')
    checkLeader(partition, nodeId, currentLeaderEpoch)
    return { partitionIndex, errorCode: 0, ...find(partition, timestamp, isolationLevel) }
  } catch (error) {
    if (error instanceof Refusal) return refused(partitionIndex, error)
    throw error
  }
}

function find({ log, leaderEpoch }: Partition, timestamp: bigint, isolationLevel: number): FoundOffset {
  const end = isolationLevel === READ_COMMITTED ? log.lastStableOffset : log.highWatermark
  if (timestamp === LATEST) return { offset: end, timestamp: -1n, leaderEpoch }
  if (timestamp === EARLIEST) return log.earliest
  if (timestamp === MAX_TIMESTAMP) return before(end, log.findLatest())
  // The other special times came with versions 8 and later: KIP-405, KIP-1005.
  if (timestamp < 0n) throw new Refusal('UNSUPPORTED_VERSION')
  return before(end, log.findByTimestamp(timestamp))
}

/** What lies behind the end is not there yet for this reader. */
function before(end: bigint, found: FoundOffset | undefined): FoundOffset {
  return found && found.offset < end ? found : NOTHING_FOUND
}

function refused(partitionIndex: number, { error }: Refusal): PartitionResponse {
  return { partitionIndex, errorCode: errorCode(error), ...NOTHING_FOUND }
}
