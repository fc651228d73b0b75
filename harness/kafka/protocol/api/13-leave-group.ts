import { api } from '../api.ts'
import { array, int16, int32, nullableString, since, string, struct, until } from '../codec.ts'

/**
 * Versions 0 to 4. Version 1 brought the throttle time (KIP-124), 2 throttling after the answer (KIP-219), 3 several
 * members and their instance ids in place of one `memberId` (KIP-345), 4 compact lengths (KIP-482).
 */
export const LeaveGroup = api(13, 'LeaveGroup', [0, 4], {
  flexibleFrom: 4,
  request: struct({
    groupId: string,
    memberId: until(2, string),
    members: since(3, array(struct({ memberId: string, groupInstanceId: nullableString }))),
  }),
  response: struct({
    throttleTimeMs: since(1, int32),
    errorCode: int16,
    members: since(3, array(struct({ memberId: string, groupInstanceId: nullableString, errorCode: int16 }))),
  }),
})
