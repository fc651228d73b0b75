import { api } from '../api.ts'
import {
  array,
  bool,
  int16,
  int32,
  int64,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  until,
  versions,
} from '../codec.ts'

const committedOffset = struct({
  partitionIndex: int32,
  committedOffset: int64,
  committedLeaderEpoch: since(5, int32, -1),
  metadata: nullableString,
  errorCode: int16,
})

/**
 * Versions 1 to 8. Version 2 brought null for "all topics" and an error for the whole group (KIP-88), 3 the throttle time
 * (KIP-124), 4 throttling after the answer (KIP-219), 5 the leader epoch (KIP-320), 6 compact lengths (KIP-482),
 * 7 `requireStable` (KIP-447), 8 several groups in one request (KIP-709): from there on only `groups` is used.
 */
export const OffsetFetch = api(9, 'OffsetFetch', [1, 8], {
  flexibleFrom: 6,
  request: struct({
    groupId: until(7, string),
    topics: until(7, nullableArray(struct({ name: string, partitionIndexes: array(int32) }))),
    groups: since(
      8,
      array(
        struct({
          groupId: string,
          topics: nullableArray(struct({ name: string, partitionIndexes: array(int32) })),
        }),
      ),
    ),
    requireStable: since(7, bool),
  }),
  response: struct({
    throttleTimeMs: since(3, int32),
    topics: until(7, array(struct({ name: string, partitions: array(committedOffset) }))),
    errorCode: versions(2, 7, int16),
    groups: since(
      8,
      array(
        struct({
          groupId: string,
          topics: array(struct({ name: string, partitions: array(committedOffset) })),
          errorCode: int16,
        }),
      ),
    ),
  }),
})
