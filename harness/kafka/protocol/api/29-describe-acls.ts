import { api } from '../api.ts'
import { array, int8, int16, int32, nullableString, string, struct } from '../codec.ts'

/**
 * Versions 1 to 3 (KIP-140). Version 1 brought the pattern type (KIP-290), 2 compact lengths (KIP-482), 3 resources of the
 * type user (KIP-373).
 */
export const DescribeAcls = api(29, 'DescribeAcls', [1, 3], {
  flexibleFrom: 2,
  request: struct({
    resourceTypeFilter: int8,
    resourceNameFilter: nullableString,
    patternTypeFilter: int8,
    principalFilter: nullableString,
    hostFilter: nullableString,
    operation: int8,
    permissionType: int8,
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullableString,
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        patternType: int8,
        acls: array(struct({ principal: string, host: string, operation: int8, permissionType: int8 })),
      }),
    ),
  }),
})
