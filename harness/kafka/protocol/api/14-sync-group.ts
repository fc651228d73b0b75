import { api } from '../api.ts'
import { array, bytes, int16, int32, nullableString, since, string, struct } from '../codec.ts'

/**
 * Versions 0 to 4. Version 1 brought the throttle time (KIP-124), 2 throttling after the answer (KIP-219),
 * 3 the group instance id (KIP-345), 4 compact lengths (KIP-482). Only the leader sends `assignments`; an assignment of
 * a consumer is its ConsumerProtocolAssignment, kept as bytes.
 */
export const SyncGroup = api(14, 'SyncGroup', [0, 4], {
  flexibleFrom: 4,
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: since(3, nullableString),
    assignments: array(struct({ memberId: string, assignment: bytes })),
  }),
  response: struct({ throttleTimeMs: since(1, int32), errorCode: int16, assignment: bytes }),
})
