import { readWanted } from '../quantity.ts'
import type { KeyRow } from '../question.ts'

/** The number of a row, and how far off an answer may be, in the unit of the question. */
export interface KeyNumber {
  value: number
  tolerance: number
}

/** Null for a row in another unit than the question's: the formats have bare numbers only. */
export function keyNumber(row: KeyRow, unit: string | null): KeyNumber | null {
  const wanted = readWanted(row.wanted)
  if (!wanted) return null
  const isSameUnit = wanted.unit === '' || wanted.unit.toLowerCase() === unit?.toLowerCase()
  return isSameUnit ? { value: wanted.value, tolerance: wanted.tolerance } : null
}
