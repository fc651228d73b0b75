import { api } from '../api.ts'
import { array, int16, int32, string, struct } from '../codec.ts'

/**
 * Versions 0 to 2 (KIP-229). Version 1 brought throttling after the answer (KIP-219), 2 compact lengths (KIP-482).
 */
export const DeleteGroups = api(42, 'DeleteGroups', [0, 2], {
  flexibleFrom: 2,
  request: struct({ groupsNames: array(string) }),
  response: struct({
    throttleTimeMs: int32,
    results: array(struct({ groupId: string, errorCode: int16 })),
  }),
})
