import { api } from '../api.ts'
import { array, bytes, int16, int32, nullableString, since, string, struct } from '../codec.ts'

/**
 * Versions 2 to 6. Version 2 brought the throttle time (KIP-124), 3 throttling after the answer (KIP-219), 4 the second
 * join with the member id that the broker gave (KIP-394), 5 the group instance id (KIP-345), 6 compact lengths (KIP-482).
 * Only the leader is told the members. `metadata` of a consumer is its ConsumerProtocolSubscription, kept as bytes.
 */
export const JoinGroup = api(11, 'JoinGroup', [2, 6], {
  flexibleFrom: 6,
  request: struct({
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: int32,
    memberId: string,
    groupInstanceId: since(5, nullableString),
    protocolType: string,
    protocols: array(struct({ name: string, metadata: bytes })),
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    generationId: int32,
    protocolName: string,
    leader: string,
    memberId: string,
    members: array(struct({ memberId: string, groupInstanceId: since(5, nullableString), metadata: bytes })),
  }),
})
