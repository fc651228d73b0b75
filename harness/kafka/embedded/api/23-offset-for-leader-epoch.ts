import { OffsetForLeaderEpoch } from '../../protocol/api/23-offset-for-leader-epoch.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { UNDEFINED_EPOCH_END } from '../leader-epochs.ts'
import { Refusal } from '../refusal.ts'
import type { Partition } from '../topics.ts'
import { checkLeader } from '../wrong-node.ts'

type PartitionRequest = RequestOf<typeof OffsetForLeaderEpoch>['topics'][number]['partitions'][number]
type PartitionResponse = ResponseOf<typeof OffsetForLeaderEpoch>['topics'][number]['partitions'][number]

/**
 * OffsetForLeaderEpoch, versions 2 to 4: where the records of a leader end. A consumer that saw a later offset of that
 * leader knows that its records were cut off (KIP-320). An epoch that nobody has heard of is no error: all is -1 then.
 */
export const offsetForLeaderEpoch = handler(
  OffsetForLeaderEpoch,
  [2, 4],
  ({ topics }, { state, nodeId }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((one) => endOf(state.topics.partition(topic, one.partition), one, nodeId)),
    })),
  }),
)

function endOf(
  known: Partition | undefined,
  { partition, currentLeaderEpoch, leaderEpoch }: PartitionRequest,
  nodeId: number,
): PartitionResponse {
  try {
    if (!known) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION')
    checkLeader(known, nodeId, currentLeaderEpoch)
    return { errorCode: 0, partition, ...known.log.endOfLeaderEpoch(leaderEpoch) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { errorCode: errorCode(error.error), partition, ...UNDEFINED_EPOCH_END }
  }
}
