import { api } from '../api.ts'
import { array, int16, int32, int64, nullableString, since, string, struct, until } from '../codec.ts'

/**
 * Versions 2 to 8. Version 3 brought the throttle time (KIP-124), 4 throttling after the answer (KIP-219), 5 dropped the
 * retention time (KIP-211), 6 brought the leader epoch (KIP-320), 7 the group instance id (KIP-345),
 * 8 compact lengths (KIP-482). `committedOffset` is the next offset to read.
 */
export const OffsetCommit = api(8, 'OffsetCommit', [2, 8], {
  flexibleFrom: 8,
  request: struct({
    groupId: string,
    generationIdOrMemberEpoch: int32,
    memberId: string,
    groupInstanceId: since(7, nullableString),
    retentionTimeMs: until(4, int64, -1n),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            committedOffset: int64,
            committedLeaderEpoch: since(6, int32, -1),
            committedMetadata: nullableString,
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: since(3, int32),
    topics: array(
      struct({ name: string, partitions: array(struct({ partitionIndex: int32, errorCode: int16 })) }),
    ),
  }),
})
