// Samples of a group on three partitions, made up. Nothing to edit here.

import type { LagSample } from './consumer-lag.ts'

/** The rows of three partitions with these lags. They have committed 1000 and what was `handled` since; null: nothing. */
export function sample(
  lags: [number | bigint, number, number],
  handled: [number, number, number] | null = [0, 0, 0],
): LagSample {
  return lags.map((lag, partition) => {
    const committed = handled && BigInt(1000 + (handled[partition] as number))
    const end = (committed ?? 0n) + BigInt(lag)
    return {
      partition,
      committed: committed === null ? null : String(committed),
      end: String(end),
      lag: String(lag),
    }
  })
}

/** A group at work, in which partition 0 has one lag after the other. */
export function over(lags: number[]): LagSample[] {
  return lags.map((lag, at) => sample([lag, 0, 0], [40 * at, at, at]))
}

/** The same, 2^53 offsets further on. */
export function faraway(rows: LagSample): LagSample {
  const far = (offset: string) => String(BigInt(offset) + 2n ** 53n)
  return rows.map((row) => ({ ...row, committed: row.committed && far(row.committed), end: far(row.end) }))
}

/** Some samples each, of groups that are slow, or stuck in partition 2, or neither. */
export function windows(count: number, int: (from: number, to: number) => number): LagSample[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: int(2, 5) }, (_, at) =>
      sample([int(0, 9), int(0, 9), int(1, 9)], [at, at, int(0, 1) * at]),
    ),
  )
}
