import type { Difference } from './compare.ts'

/** A difference that NOT-IMPLEMENTED.md explains. */
export interface Allowed {
  /** The entry there: an API key, or `nodes N` for the numbered list. */
  entry: string
  sequence: string
  /** Which step, counted from 1, and the field in its answer. */
  step: number
  path: string
  /** What the embedded broker answers there: another answer is not allowed. */
  embedded: unknown
}

/** Every difference that is left, each with the entry of NOT-IMPLEMENTED.md that tells why. */
export const ALLOWED: readonly Allowed[] = [
  {
    entry: 'nodes 4',
    sequence: 'produce/internal-topic',
    step: 1,
    path: '.responses[0].partitionResponses[0].errorCode',
    embedded: 'UNKNOWN_TOPIC_OR_PARTITION',
  },
  ...['timestamp', 'offset'].map((field) => ({
    entry: '2',
    sequence: 'list-offsets/after-delete-records',
    step: 4,
    path: `.topics[0].partitions[0].${field}`,
    embedded: field === 'offset' ? 3 : '<start + 15>',
  })),
  ...[3, 6].map((step) => ({
    entry: '32',
    sequence: 'describe-configs/node',
    step,
    path: '.results[0].configs[0].readOnly',
    embedded: true,
  })),
]

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

function allows(one: Allowed, { sequence, step, path, embedded }: Difference): boolean {
  return one.sequence === sequence && one.step === step && one.path === path && one.embedded === embedded
}
