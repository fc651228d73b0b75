import { ApiVersions } from '../../protocol/api/18-api-versions.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { type Handler, handler } from '../handler.ts'

/** From this version on a client names itself (KIP-511). */
const NAMED_SINCE = 3
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** ApiVersions, versions 0 to 4: the list of what this broker serves, made from the handlers themselves. */
export function apiVersions(handlers: () => readonly Handler[]): Handler {
  return handler(ApiVersions, [0, 4], ({ clientSoftwareName, clientSoftwareVersion }, { apiVersion }) => {
    const isNamed = SOFTWARE_NAME.test(clientSoftwareName) && SOFTWARE_NAME.test(clientSoftwareVersion)
    if (apiVersion >= NAMED_SINCE && !isNamed) {
      return { errorCode: errorCode('INVALID_REQUEST'), apiKeys: [], throttleTimeMs: 0 }
    }
    return { errorCode: 0, apiKeys: handlers().map(range), throttleTimeMs: 0 }
  })
}

/**
 * The answer to an ApiVersions request of a version that the broker does not know. It is written as version 0, which every
 * client can read, and names the versions of ApiVersions alone, so that the client can ask again (KIP-511).
 */
export function unsupportedApiVersions(served: Handler): ResponseOf<typeof ApiVersions> {
  return { errorCode: errorCode('UNSUPPORTED_VERSION'), apiKeys: [range(served)], throttleTimeMs: 0 }
}

function range({ api, versions: [minVersion, maxVersion] }: Handler) {
  return { apiKey: api.key, minVersion, maxVersion }
}
