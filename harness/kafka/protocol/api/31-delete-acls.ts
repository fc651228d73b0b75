import { api } from '../api.ts'
import { array, int8, int16, int32, nullableString, string, struct } from '../codec.ts'

/** Versions 1 to 3 (KIP-140); what each one brought is as in DescribeAcls. */
export const DeleteAcls = api(31, 'DeleteAcls', [1, 3], {
  flexibleFrom: 2,
  request: struct({
    filters: array(
      struct({
        resourceTypeFilter: int8,
        resourceNameFilter: nullableString,
        patternTypeFilter: int8,
        principalFilter: nullableString,
        hostFilter: nullableString,
        operation: int8,
        permissionType: int8,
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    filterResults: array(
      struct({
        errorCode: int16,
        errorMessage: nullableString,
        matchingAcls: array(
          struct({
            errorCode: int16,
            errorMessage: nullableString,
            resourceType: int8,
            resourceName: string,
            patternType: int8,
            principal: string,
            host: string,
            operation: int8,
            permissionType: int8,
          }),
        ),
      }),
    ),
  }),
})
