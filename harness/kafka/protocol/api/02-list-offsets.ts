import { api } from '../api.ts'
import { array, int8, int16, int32, int64, since, string, struct } from '../codec.ts'

/**
 * Versions 1 to 7. Version 1 answers one offset and its timestamp (KIP-79), 2 the isolation level (KIP-98) and the
 * throttle time (KIP-124), 3 throttling after the answer (KIP-219), 4 the leader epoch (KIP-320),
 * 5 OFFSET_NOT_AVAILABLE (KIP-207), 6 compact lengths (KIP-482), 7 the search for the latest record (KIP-734).
 * `timestamp` -1 asks for the end, -2 for the start, -3 for the record with the latest timestamp.
 */
export const ListOffsets = api(2, 'ListOffsets', [1, 7], {
  flexibleFrom: 6,
  request: struct({
    replicaId: int32,
    isolationLevel: since(2, int8),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({ partitionIndex: int32, currentLeaderEpoch: since(4, int32, -1), timestamp: int64 }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: since(2, int32),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            timestamp: int64,
            offset: int64,
            leaderEpoch: since(4, int32, -1),
          }),
        ),
      }),
    ),
  }),
})
