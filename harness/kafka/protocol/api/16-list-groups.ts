import { api } from '../api.ts'
import { array, int16, int32, since, string, struct } from '../codec.ts'

/**
 * Versions 0 to 5. Version 1 brought the throttle time (KIP-124), 2 throttling after the answer (KIP-219),
 * 3 compact lengths (KIP-482), 4 the states of groups and a choice by them (KIP-518), 5 the same for types (KIP-848). No
 * choice means all groups. A broker answers only the groups that it coordinates.
 */
export const ListGroups = api(16, 'ListGroups', [0, 5], {
  flexibleFrom: 3,
  request: struct({ statesFilter: since(4, array(string)), typesFilter: since(5, array(string)) }),
  response: struct({
    throttleTimeMs: since(1, int32),
    errorCode: int16,
    groups: array(
      struct({
        groupId: string,
        protocolType: string,
        groupState: since(4, string),
        groupType: since(5, string),
      }),
    ),
  }),
})
