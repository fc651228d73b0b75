// Another way: a class for every policy, a verdict on the commit, and a duration that is read letter by letter.

export type Reset = 'earliest' | 'latest' | 'none' | `by_duration:${string}`

export interface StartState {
  log: { start: bigint; end: bigint; records: { offset: bigint; timestamp: number }[] }
  committed: { offset: bigint; at: number } | null
  group: { emptySince: number | null; offsetsRetentionMs: number }
  partitionIsNew: boolean
  client: { fromBeginning: boolean } | { autoOffsetReset: Reset }
  now: number
}

export type Reason = 'committed' | 'no-commit' | 'expired' | 'out-of-range' | 'new-partition'

export interface StartPosition {
  offset: bigint
  reason: Reason
}

/** What became of the commit: it can be used, or there is a reason why the policy has to decide. */
type Verdict = { use: bigint } | { ask: Exclude<Reason, 'committed'> }

/** The group's memory as the broker keeps it. */
class Bookkeeping {
  readonly #state: StartState

  constructor(state: StartState) {
    this.#state = state
  }

  get #forgotten(): boolean {
    const { group, now } = this.#state
    return group.emptySince !== null && group.emptySince + group.offsetsRetentionMs <= now
  }

  verdict(): Verdict {
    const { committed, partitionIsNew, log } = this.#state
    if (committed === null) return { ask: partitionIsNew ? 'new-partition' : 'no-commit' }
    if (this.#forgotten) return { ask: 'expired' }
    const inRange = log.start <= committed.offset && committed.offset <= log.end
    return inRange ? { use: committed.offset } : { ask: 'out-of-range' }
  }
}

/** A policy is a function of the log at this moment. */
abstract class Policy {
  abstract begin(log: StartState['log'], now: number): bigint

  static of(client: StartState['client']): Policy {
    const wanted: Reset =
      'fromBeginning' in client ? (client.fromBeginning ? 'earliest' : 'latest') : client.autoOffsetReset
    switch (wanted) {
      case 'earliest':
        return new Earliest()
      case 'latest':
        return new Latest()
      case 'none':
        return new None()
      default:
        return new ByDuration(wanted.replace('by_duration:', ''))
    }
  }
}

class Earliest extends Policy {
  override begin(log: StartState['log']): bigint {
    return log.start
  }
}

class Latest extends Policy {
  override begin(log: StartState['log']): bigint {
    return log.end
  }
}

class None extends Policy {
  override begin(): bigint {
    throw new RangeError('there is no commit to use, and the consumer wants no other place to begin')
  }
}

const DATE_UNITS: Record<string, number> = { D: 86400 }
const TIME_UNITS: Record<string, number> = { H: 3600, M: 60, S: 1 }

class ByDuration extends Policy {
  readonly #ms: number

  constructor(iso: string) {
    super()
    this.#ms = ByDuration.#parse(iso)
  }

  override begin(log: StartState['log'], now: number): bigint {
    const oldest = now - this.#ms
    for (const { offset, timestamp } of log.records) {
      if (timestamp >= oldest && offset >= log.start) return offset
    }
    return log.end
  }

  /** Reads letter by letter: digits make a number, a unit uses it up, and T says that M would be minutes. */
  static #parse(iso: string): number {
    let seconds = 0
    let digits = ''
    let inTime = false
    for (const letter of iso.replace(/^P/, '')) {
      if (letter >= '0' && letter <= '9') digits += letter
      else if (letter === 'T') inTime = true
      else {
        const unit = (inTime ? TIME_UNITS : DATE_UNITS)[letter]
        if (unit === undefined || digits === '') throw new Error(`cannot read the duration ${iso}`)
        seconds += Number(digits) * unit
        digits = ''
      }
    }
    if (digits !== '') throw new Error(`a number without a unit in ${iso}`)
    return seconds * 1000
  }
}

export function startPosition(state: StartState): StartPosition {
  const verdict = new Bookkeeping(state).verdict()
  if ('use' in verdict) return { offset: verdict.use, reason: 'committed' }
  return { offset: Policy.of(state.client).begin(state.log, state.now), reason: verdict.ask }
}
