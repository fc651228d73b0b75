import { api } from '../api.ts'
import { array, int16, int32, nullableArray, nullableString, string, struct } from '../codec.ts'

/** Version 0 (KIP-455), flexible from the start. `topics` null asks for every reassignment that is under way. */
export const ListPartitionReassignments = api(46, 'ListPartitionReassignments', [0, 0], {
  flexibleFrom: 0,
  request: struct({
    timeoutMs: int32,
    topics: nullableArray(struct({ name: string, partitionIndexes: array(int32) })),
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullableString,
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            replicas: array(int32),
            addingReplicas: array(int32),
            removingReplicas: array(int32),
          }),
        ),
      }),
    ),
  }),
})
