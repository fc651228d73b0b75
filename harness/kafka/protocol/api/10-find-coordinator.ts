import { api } from '../api.ts'
import {
  array,
  int8,
  int16,
  int32,
  nullableString,
  since,
  string,
  struct,
  until,
  versions,
} from '../codec.ts'

/**
 * Versions 0 to 4. Version 1 brought transaction coordinators (`keyType` 1; a group is 0, KIP-98) and the throttle time
 * (KIP-124), 2 throttling after the answer (KIP-219), 3 compact lengths (KIP-482), 4 several keys in one request
 * (KIP-699): from there on only `coordinatorKeys` and `coordinators` are used.
 */
export const FindCoordinator = api(10, 'FindCoordinator', [0, 4], {
  flexibleFrom: 3,
  request: struct({
    key: until(3, string),
    keyType: since(1, int8),
    coordinatorKeys: since(4, array(string)),
  }),
  response: struct({
    throttleTimeMs: since(1, int32),
    errorCode: until(3, int16),
    errorMessage: versions(1, 3, nullableString),
    nodeId: until(3, int32),
    host: until(3, string),
    port: until(3, int32),
    coordinators: since(
      4,
      array(
        struct({
          key: string,
          nodeId: int32,
          host: string,
          port: int32,
          errorCode: int16,
          errorMessage: nullableString,
        }),
      ),
    ),
  }),
})
