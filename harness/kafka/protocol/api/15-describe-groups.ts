import { api } from '../api.ts'
import { array, bool, bytes, int16, int32, nullableString, since, string, struct } from '../codec.ts'

/** Kafka's "not asked for": the lowest INT32. */
const NO_AUTHORIZED_OPERATIONS = -0x80000000

/**
 * Versions 0 to 5. Version 1 brought the throttle time (KIP-124), 2 throttling after the answer (KIP-219), 3 authorized
 * operations (KIP-430), 4 the group instance id (KIP-345), 5 compact lengths (KIP-482). An unknown group is `Dead`.
 */
export const DescribeGroups = api(15, 'DescribeGroups', [0, 5], {
  flexibleFrom: 5,
  request: struct({ groups: array(string), includeAuthorizedOperations: since(3, bool) }),
  response: struct({
    throttleTimeMs: since(1, int32),
    groups: array(
      struct({
        errorCode: int16,
        groupId: string,
        groupState: string,
        protocolType: string,
        protocolData: string,
        members: array(
          struct({
            memberId: string,
            groupInstanceId: since(4, nullableString),
            clientId: string,
            clientHost: string,
            memberMetadata: bytes,
            memberAssignment: bytes,
          }),
        ),
        authorizedOperations: since(3, int32, NO_AUTHORIZED_OPERATIONS),
      }),
    ),
  }),
})
