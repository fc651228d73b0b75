import { HANDLERS } from '../../kafka/embedded/handlers.ts'
import type { AnyApi } from '../../kafka/protocol/api.ts'

/** Every version of an API that the embedded broker serves and the grammar can read, lowest first. */
export function servedVersions(api: AnyApi): number[] {
  const served = HANDLERS.find((one) => one.api === api)
  if (!served) throw new Error(`the embedded broker does not serve ${api.name}`)
  const first = Math.max(served.versions[0], api.versions[0])
  const last = Math.min(served.versions[1], api.versions[1])
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
