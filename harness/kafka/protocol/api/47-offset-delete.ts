import { api } from '../api.ts'
import { array, int16, int32, string, struct } from '../codec.ts'

/** Version 0 (KIP-496): forgets committed offsets of a group. In the answer the error stands before the throttle time. */
export const OffsetDelete = api(47, 'OffsetDelete', [0, 0], {
  request: struct({
    groupId: string,
    topics: array(struct({ name: string, partitions: array(struct({ partitionIndex: int32 })) })),
  }),
  response: struct({
    errorCode: int16,
    throttleTimeMs: int32,
    topics: array(
      struct({ name: string, partitions: array(struct({ partitionIndex: int32, errorCode: int16 })) }),
    ),
  }),
})
