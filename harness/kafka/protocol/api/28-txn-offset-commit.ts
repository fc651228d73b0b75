import { api } from '../api.ts'
import { array, int16, int32, int64, nullableString, since, string, struct } from '../codec.ts'

/**
 * Versions 0 to 3 (KIP-98). Version 1 brought throttling after the answer (KIP-219), 2 the leader epoch (KIP-320),
 * 3 the consumer's member and generation, which fence a member that left (KIP-447), and compact lengths (KIP-482).
 */
export const TxnOffsetCommit = api(28, 'TxnOffsetCommit', [0, 3], {
  flexibleFrom: 3,
  request: struct({
    transactionalId: string,
    groupId: string,
    producerId: int64,
    producerEpoch: int16,
    generationId: since(3, int32, -1),
    memberId: since(3, string),
    groupInstanceId: since(3, nullableString),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            committedOffset: int64,
            committedLeaderEpoch: since(2, int32, -1),
            committedMetadata: nullableString,
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({ name: string, partitions: array(struct({ partitionIndex: int32, errorCode: int16 })) }),
    ),
  }),
})
