import { api } from '../api.ts'
import { array, bool, int16, int32, nullableArray, nullableString, string, struct } from '../codec.ts'

/**
 * Versions 0 to 2 (KIP-195). Version 1 brought throttling after the answer (KIP-219), 2 compact lengths (KIP-482).
 * `count` is the new total, not what is added.
 */
export const CreatePartitions = api(37, 'CreatePartitions', [0, 2], {
  flexibleFrom: 2,
  request: struct({
    topics: array(
      struct({
        name: string,
        count: int32,
        assignments: nullableArray(struct({ brokerIds: array(int32) })),
      }),
    ),
    timeoutMs: int32,
    validateOnly: bool,
  }),
  response: struct({
    throttleTimeMs: int32,
    results: array(struct({ name: string, errorCode: int16, errorMessage: nullableString })),
  }),
})
