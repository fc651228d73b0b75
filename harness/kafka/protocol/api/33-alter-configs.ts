import { api } from '../api.ts'
import { array, bool, int8, int16, int32, nullableString, string, struct } from '../codec.ts'

/**
 * Versions 0 to 2 (KIP-133). Version 1 brought throttling after the answer (KIP-219), 2 compact lengths (KIP-482).
 * It replaces the whole configuration of a resource; IncrementalAlterConfigs does not.
 */
export const AlterConfigs = api(33, 'AlterConfigs', [0, 2], {
  flexibleFrom: 2,
  request: struct({
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        configs: array(struct({ name: string, value: nullableString })),
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
