import { api } from '../api.ts'
import { array, int16, int32, int64, since, string, struct } from '../codec.ts'

/**
 * Versions 2 to 4 (KIP-101). Version 2 brought the throttle time and the current leader epoch, which opened it to
 * consumers (KIP-320), 3 the replica id, 4 compact lengths (KIP-482).
 */
export const OffsetForLeaderEpoch = api(23, 'OffsetForLeaderEpoch', [2, 4], {
  flexibleFrom: 4,
  request: struct({
    replicaId: since(3, int32, -2),
    topics: array(
      struct({
        topic: string,
        partitions: array(struct({ partition: int32, currentLeaderEpoch: int32, leaderEpoch: int32 })),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({ errorCode: int16, partition: int32, leaderEpoch: int32, endOffset: int64 }),
        ),
      }),
    ),
  }),
})
