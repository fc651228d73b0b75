import { createHash } from 'node:crypto'
import type { Random } from './fixtures.ts'

const SAMPLE = ['a', 'k', 'Z', '0', '-', '_', ' ', 'é', 'ß', 'Ж', '語', '書', '📚', '🦊']

/** Random input for one check: the same seed and the same name give the same input. */
export function randomFrom(seed: number, name: string): Random {
  let state = createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE(0)
  /** xorshift32, a number in [0, 1). */
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  if (state === 0) state = 1

  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  const pick = <T>(of: readonly T[]): T => of[int(0, of.length - 1)] as T
  return {
    int,
    pick,
    shuffle<T>(of: readonly T[]): T[] {
      const copy = [...of]
      for (let last = copy.length - 1; last > 0; last--) {
        const other = int(0, last)
        ;[copy[last], copy[other]] = [copy[other] as T, copy[last] as T]
      }
      return copy
    },
    orderId: () => `ORD-${int(1000, 999_999)}`,
    text: (length) => Array.from({ length: int(0, length) }, () => pick(SAMPLE)).join(''),
    bytes(length) {
      const bytes = Buffer.allocUnsafe(length)
      for (let at = 0; at < length; at++) bytes[at] = int(0, 255)
      return bytes
    },
  }
}
