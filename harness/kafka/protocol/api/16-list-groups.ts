import { api } from '../api.ts'
import { array, int16, int32, since, string, struct } from '../codec.ts'

/**
 * Versions 0 to 3. Version 1 brought the throttle time (KIP-124), 2 throttling after the answer (KIP-219),
 * 3 compact lengths (KIP-482). A broker answers only the groups that it coordinates.
 */
export const ListGroups = api(16, 'ListGroups', [0, 3], {
  flexibleFrom: 3,
  request: struct({}),
  response: struct({
    throttleTimeMs: since(1, int32),
    errorCode: int16,
    groups: array(struct({ groupId: string, protocolType: string })),
  }),
})
