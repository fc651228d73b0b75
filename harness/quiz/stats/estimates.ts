/** From and to, both included. */
export type Interval = [low: number, high: number]

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964

/**
 * The 95 % interval of a share by Wilson (1927), as fractions: for few answers it stays within 0 and 1, and is not empty when
 * all were right. `n` is 1 at least.
 */
export function wilson(right: number, n: number): Interval {
  const share = right / n
  const middle = share + Z ** 2 / (2 * n)
  const half = Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))
  const within = (value: number) => Math.min(1, Math.max(0, value / (1 + Z ** 2 / n)))
  return [right === 0 ? 0 : within(middle - half), right === n ? 1 : within(middle + half)]
}

/** Pearson's correlation of pairs; null when one side is the same everywhere, for then there is none. */
export function correlation(pairs: readonly (readonly [number, number])[]): number | null {
  const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
  const [meanX, meanY] = [mean(xs), mean(ys)]
  const sum = (of: (x: number, y: number) => number) =>
    pairs.reduce((total, [x, y]) => total + of(x - meanX, y - meanY), 0)
  const [xx, yy] = [sum((x) => x * x), sum((_, y) => y * y)]
  // Sums of equal numbers may differ by a rounding: that is no difference between learners.
  if (xx < 1e-9 || yy < 1e-9) return null
  return Math.min(1, Math.max(-1, sum((x, y) => x * y) / Math.sqrt(xx * yy)))
}

/** The 95 % interval of a correlation by Fisher's transformation (1921). `n` is 4 at least. */
export function fisher(r: number, n: number): Interval {
  const half = Z / Math.sqrt(n - 3)
  return [Math.tanh(Math.atanh(r) - half), Math.tanh(Math.atanh(r) + half)]
}

/** Takes one value at least. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
