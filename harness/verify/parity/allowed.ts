import { HANDLERS } from '../../kafka/embedded/handlers.ts'
import { ApiVersions } from '../../kafka/protocol/api/18-api-versions.ts'
import type { Difference } from './compare.ts'

/** A difference that NOT-IMPLEMENTED.md explains. */
export interface Allowed {
  /** The entry there: an API key, or `nodes N` for the numbered list. */
  entry: string
  sequence: string
  /** The request of the step, and the field, or what its path begins with. */
  request: string
  path: string
  /** What the embedded broker answers there; another answer is not allowed. */
  embedded?: unknown
}

/** Every difference that is left, each with the entry of NOT-IMPLEMENTED.md that tells why. */
export const ALLOWED: readonly Allowed[] = []

/** Splits differences into those that nothing allows, and tells which lines of the list allow nothing. */
export function judgeDifferences(
  differences: readonly Difference[],
  allowed: readonly Allowed[] = ALLOWED,
): { left: Difference[]; allowed: Difference[]; unused: Allowed[] } {
  const used = new Set<Allowed>()
  const left: Difference[] = []
  const explained: Difference[] = []
  for (const difference of differences) {
    const line = allowed.find((one) => allows(one, difference))
    if (line) used.add(line)
    ;(line ? explained : left).push(difference)
  }
  return { left, allowed: explained, unused: allowed.filter((one) => !used.has(one)) }
}

export function allows(one: Allowed, { sequence, request, path, embedded }: Difference): boolean {
  if (one.sequence !== sequence || one.request !== request || !path.startsWith(one.path)) return false
  return one.embedded === undefined || JSON.stringify(one.embedded) === JSON.stringify(embedded)
}
