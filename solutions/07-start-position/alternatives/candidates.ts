// All possible positions are worked out first, lazily; then the first one that holds is taken.

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

class Partition {
  private readonly state: StartState

  constructor(state: StartState) {
    this.state = state
  }

  private get remembered(): boolean {
    const { emptySince, offsetsRetentionMs } = this.state.group
    return emptySince === null || this.state.now < emptySince + offsetsRetentionMs
  }

  private get reason(): Reason {
    const { committed, log, partitionIsNew } = this.state
    if (!committed) return partitionIsNew ? 'new-partition' : 'no-commit'
    if (!this.remembered) return 'expired'
    return committed.offset >= log.start && committed.offset <= log.end ? 'committed' : 'out-of-range'
  }

  private since(duration: string): bigint {
    const { log, now } = this.state
    const [date = '', time = ''] = duration.replace('P', '').split('T')
    const part = (text: string, unit: string) => Number(new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? 0)
    const minutes = part(date, 'D') * 1440 + part(time, 'H') * 60 + part(time, 'M')
    const from = now - (minutes * 60 + part(time, 'S')) * 1000
    // The offset goes up as the log does, so the lowest of the young ones is the first of them.
    const young = log.records.filter((record) => !(record.timestamp < from)).map((record) => record.offset)
    return young.reduce((lowest, offset) => (offset < lowest ? offset : lowest), log.end)
  }

  private reset(policy: Reset): bigint {
    const { log } = this.state
    if (policy === 'none') throw new Error(`nothing to begin with: ${this.reason}`)
    if (policy === 'latest') return log.end
    return policy === 'earliest' ? log.start : this.since(policy.replace('by_duration:', ''))
  }

  get start(): StartPosition & { partition: string } {
    const { client, committed } = this.state
    const { reason } = this
    const policy =
      'autoOffsetReset' in client ? client.autoOffsetReset : client.fromBeginning ? 'earliest' : 'latest'
    const offset = reason === 'committed' && committed ? committed.offset : this.reset(policy)
    return { partition: 'this one', offset, reason }
  }
}

export const startPosition = (state: StartState): StartPosition => new Partition(state).start
