import { api } from '../api.ts'
import { array, int16, int32, since, string, struct } from '../codec.ts'

/**
 * Versions 0 to 4 (KIP-35). Version 1 brought the throttle time (KIP-124), 2 throttling after the answer (KIP-219),
 * 3 compact lengths (KIP-482) and the name of the client (KIP-511), 4 changes only a tagged field. The answer to a version
 * that the broker does not know is version 0 with UNSUPPORTED_VERSION (KIP-511).
 */
export const ApiVersions = api(18, 'ApiVersions', [0, 4], {
  flexibleFrom: 3,
  request: struct({ clientSoftwareName: since(3, string), clientSoftwareVersion: since(3, string) }),
  response: struct({
    errorCode: int16,
    apiKeys: array(struct({ apiKey: int16, minVersion: int16, maxVersion: int16 })),
    throttleTimeMs: since(1, int32),
  }),
})
