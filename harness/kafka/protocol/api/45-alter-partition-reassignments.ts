import { api } from '../api.ts'
import { array, int16, int32, nullableArray, nullableString, string, struct } from '../codec.ts'

/** Version 0 (KIP-455), flexible from the start. `replicas` null cancels a reassignment that is under way. */
export const AlterPartitionReassignments = api(45, 'AlterPartitionReassignments', [0, 0], {
  flexibleFrom: 0,
  request: struct({
    timeoutMs: int32,
    topics: array(
      struct({
        name: string,
        partitions: array(struct({ partitionIndex: int32, replicas: nullableArray(int32) })),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullableString,
    responses: array(
      struct({
        name: string,
        partitions: array(struct({ partitionIndex: int32, errorCode: int16, errorMessage: nullableString })),
      }),
    ),
  }),
})
