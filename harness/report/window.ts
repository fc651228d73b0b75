import type { WireLine } from '../result.ts'

/** At most so many lines of a wire strip: those around the marked one, or else the last, which tell most. */
export function windowOf(wire: readonly WireLine[], most: number): WireLine[] {
  const marked = wire.findIndex((line) => line.marked)
  const last = Math.max(0, wire.length - most)
  const start = marked < 0 ? last : Math.max(0, Math.min(marked - Math.floor(most / 2), last))
  return wire.slice(start, start + most)
}
