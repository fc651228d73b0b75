/** How a submission arrives. */
type Packing = 'folder' | 'zip' | 'tar.gz' | 'moodle' | 'canvas'

/** The exercises of the table: one with a broker, three without, each with more than one way to be partly right. */
export const BENCH_EXERCISES = [
  '03-produce-event',
  '05-partition-for-key',
  '06-plan-partitions',
  '09-offset-tracker',
] as const

/**
 * What is handed in for one exercise: `solution`, `stub`, the id of an alternative or a mistake, one of the hostile texts
 * (`HOSTILE`), or null for nothing.
 */
type Handed = string | null

/** One submission and its marks; `null` is "by hand". */
export interface Row {
  packing: Packing
  handed: readonly [Handed, Handed, Handed, Handed]
  /** Something is wrong with the package itself. */
  broken?: 'leads out' | 'half' | 'link'
  marks: readonly [number | null, number | null, number | null, number | null]
}

/** Answers that mean harm, or do some. */
export const HOSTILE: Record<string, string> = {
  'loops for ever': 'for (;;) {}\n',
  exits: 'process.exit(0)\n',
  'kills its parent': "process.kill(process.ppid, 'SIGKILL')\nprocess.exit(0)\n",
  'exports nothing': 'export {}\n',
  'is a book': `// ${'x'.repeat(300_000)}\n`,
}

const RIGHT = ['solution', 'solution', 'solution', 'solution'] as const
const FULL = [11, 9, 12, 10] as const
const BY_HAND = [null, null, null, null] as const

/**
 * Written by hand from the checks: each has 1 point, and a mistake costs the check that names it and all that come after
 * that one.
 */
export const CLASS_TABLE: readonly Row[] = [
  { packing: 'folder', handed: RIGHT, marks: FULL },
  { packing: 'zip', handed: RIGHT, marks: FULL },
  { packing: 'tar.gz', handed: ['compressed', 'bigint', 'sieve', 'bits'], marks: FULL },
  { packing: 'moodle', handed: ['send-batch', 'byte-stream', 'sides-as-data', 'journal'], marks: FULL },
  { packing: 'canvas', handed: ['solution', 'solution', null, null], marks: [11, 9, 0, 0] },
  { packing: 'folder', handed: ['null-key', 'math-abs', 'keys-stay', 'goes-back'], marks: [8, 4, 7, 8] },
  {
    packing: 'zip',
    handed: ['acks-1', 'plain-multiplication', 'records-moved', 'number-arithmetic'],
    marks: [10, 2, 10, 8],
  },
  {
    packing: 'tar.gz',
    handed: ['no-headers', 'characters-not-bytes', 'new-share-only', 'shared-between-trackers'],
    // Shared trackers also spoil "restart", which plays 200 of them in one process.
    marks: [9, 8, 11, 8],
  },
  {
    packing: 'moodle',
    handed: ['caught-and-logged', 'empty-key-is-keyless', 'growth-is-safe', 'state-after-revoke'],
    marks: [9, 8, 11, 9],
  },
  {
    packing: 'canvas',
    handed: ['time-of-sending', 'round-robin-for-sticky', 'shrink-allowed', 'same-value-again'],
    marks: [9, 8, 11, 7],
  },
  { packing: 'folder', handed: ['stub', 'stub', 'stub', 'stub'], marks: [0, 0, 0, 0] },
  { packing: 'zip', handed: [null, 'solution', null, null], marks: [0, 9, 0, 0] },
  {
    packing: 'folder',
    handed: ['solution', 'loops for ever', 'solution', 'solution'],
    marks: [11, 0, 12, 10],
  },
  { packing: 'zip', handed: ['solution', 'solution', 'exits', 'solution'], marks: [11, 9, 0, 10] },
  {
    packing: 'folder',
    handed: ['exports nothing', 'solution', 'solution', 'solution'],
    marks: [0, 9, 12, 10],
  },
  {
    packing: 'folder',
    handed: ['solution', 'kills its parent', 'solution', 'solution'],
    marks: [11, 0, 12, 10],
  },
  { packing: 'zip', handed: RIGHT, broken: 'leads out', marks: BY_HAND },
  { packing: 'zip', handed: RIGHT, broken: 'half', marks: BY_HAND },
  { packing: 'tar.gz', handed: RIGHT, broken: 'link', marks: BY_HAND },
  { packing: 'folder', handed: ['solution', 'is a book', 'solution', 'solution'], marks: [11, null, 12, 10] },
]
