/** A number with its unit, in the smallest unit of its kind: milliseconds, bytes, or as it is. */
export interface Quantity {
  value: number
  /** What was behind the number: `ms`, `MB/s`, or nothing. */
  unit: string
}

/** A number that is wanted, with what it may be off by. */
export interface WantedQuantity extends Quantity {
  /** Half the width of the range that counts, in the same unit. */
  tolerance: number
}

const MILLISECONDS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 }
const BYTES = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }
const FACTORS: Record<string, number> = { ...MILLISECONDS, ...BYTES }

/** Words for units, as people type them; `days` is looked up without its s. */
const WORDS: Record<string, string> = {
  day: 'd',
  hour: 'h',
  minute: 'min',
  second: 's',
  sec: 's',
  millisecond: 'ms',
  percent: '%',
  byte: 'B',
}

const NUMBER = /^([+-]?[\d_ ]*\.?\d+(?:e[+-]?\d+)?)\s*(.*)$/is
/** `12,345,678`, but not `0,125`: no group comes after a zero. */
const GROUPS = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?!\d)/

/**
 * Reads what a learner types: `1_000`, `1 000`, `1,000`, `1.5e3`, `1,5`, with a unit or without. A comma before three digits
 * groups them; any other stands for a point. Null for what is no number.
 */
export function readQuantity(text: string): Quantity | null {
  const [, digits, rest = ''] =
    NUMBER.exec(
      text
        .trim()
        .replace(/^\u2212/, '-')
        .replace(GROUPS, (groups) => groups.replaceAll(',', ''))
        .replace(/(\d),(\d)/, '$1.$2'),
    ) ?? []
  if (digits === undefined) return null
  const value = Number(digits.replace(/[_ ]/g, ''))
  return Number.isFinite(value) ? { value, unit: rest.trim() } : null
}

/** Reads a key: `15`, `15 ± 0.5`, `15 ± 2%`, `7 d`. Null for what is none. */
export function readWanted(text: string): WantedQuantity | null {
  const [main = '', off] = text.split('±')
  const wanted = readQuantity(main)
  if (!wanted) return null
  if (off === undefined) return { ...wanted, tolerance: 0 }
  const percent = /^\s*([\d.]+)\s*%\s*$/.exec(off)?.[1]
  const tolerance = percent === undefined ? Number(off) : (Math.abs(wanted.value) * Number(percent)) / 100
  return Number.isFinite(tolerance) ? { ...wanted, tolerance } : null
}

/**
 * Whether a number fits a key. A unit that is left out is that of the question; one of another kind never fits. Where nothing
 * is measured, a word behind the number is taken as said: `3 members`.
 */
export function fits(given: Quantity, wanted: WantedQuantity, unitOfQuestion: string | null): boolean {
  const keys = wanted.unit || unitOfQuestion || ''
  const isWord = keys === '' && /^[a-z]+$/i.test(given.unit) && !(unitOf(given.unit) in FACTORS)
  const mine = isWord ? '' : unitOf(given.unit) || unitOfQuestion || ''
  const ratio = mine.toLowerCase() === keys.toLowerCase() ? 1 : ratioOf(mine, keys)
  if (ratio === null) return false
  const slack = Number.EPSILON * 8 * Math.max(1, Math.abs(wanted.value))
  return Math.abs(given.value * ratio - wanted.value) <= wanted.tolerance + slack
}

function unitOf(text: string): string {
  const word = text.toLowerCase()
  return WORDS[word] ?? WORDS[word.replace(/s$/, '')] ?? text
}

/** How many of `to` one of `from` is; null when they measure different things. */
function ratioOf(from: string, to: string): number | null {
  const [[fromUnit, fromPer], [toUnit, toPer]] = [split(from), split(to)]
  const isTime = fromUnit in MILLISECONDS && toUnit in MILLISECONDS
  const isBytes = fromUnit in BYTES && toUnit in BYTES
  if (fromPer !== toPer || !(isTime || isBytes)) return null
  return (FACTORS[fromUnit] as number) / (FACTORS[toUnit] as number)
}

/** `MB/s` is MB per s. */
function split(unit: string): [string, string] {
  const [what = '', per = ''] = unit.split('/')
  return [what.trim(), per.trim()]
}
