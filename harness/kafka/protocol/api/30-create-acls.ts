import { api } from '../api.ts'
import { array, int8, int16, int32, nullableString, string, struct } from '../codec.ts'

/** Versions 1 to 3 (KIP-140); what each one brought is as in DescribeAcls. */
export const CreateAcls = api(30, 'CreateAcls', [1, 3], {
  flexibleFrom: 2,
  request: struct({
    creations: array(
      struct({
        resourceType: int8,
        resourceName: string,
        resourcePatternType: int8,
        principal: string,
        host: string,
        operation: int8,
        permissionType: int8,
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    results: array(struct({ errorCode: int16, errorMessage: nullableString })),
  }),
})
