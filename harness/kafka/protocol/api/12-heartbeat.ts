import { api } from '../api.ts'
import { int16, int32, nullableString, since, string, struct } from '../codec.ts'

/**
 * Versions 0 to 4. Version 1 brought the throttle time (KIP-124), 2 throttling after the answer (KIP-219),
 * 3 the group instance id (KIP-345), 4 compact lengths (KIP-482).
 */
export const Heartbeat = api(12, 'Heartbeat', [0, 4], {
  flexibleFrom: 4,
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: since(3, nullableString),
  }),
  response: struct({ throttleTimeMs: since(1, int32), errorCode: int16 }),
})
