import { api } from '../api.ts'
import { array, bool, int8, int16, int32, nullableString, string, struct } from '../codec.ts'

/**
 * Versions 0 and 1 (KIP-339). Version 1 brought compact lengths (KIP-482). `configOperation` 0 sets, 1 deletes,
 * 2 appends to a list, 3 takes from a list.
 */
export const IncrementalAlterConfigs = api(44, 'IncrementalAlterConfigs', [0, 1], {
  flexibleFrom: 1,
  request: struct({
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        configs: array(struct({ name: string, configOperation: int8, value: nullableString })),
      }),
    ),
    validateOnly: bool,
  }),
  response: struct({
    throttleTimeMs: int32,
    responses: array(
      struct({ errorCode: int16, errorMessage: nullableString, resourceType: int8, resourceName: string }),
    ),
  }),
})
