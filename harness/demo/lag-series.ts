import { committedPartitions } from '../kafka/wiretap/commits.ts'
import type { Exchange } from '../kafka/wiretap/journal.ts'
import { producedRecords } from '../kafka/wiretap/produced.ts'

/** How many records lay in a topic, at one moment, that its group had not committed. */
export interface LagPoint {
  /** Milliseconds, as in the journal. */
  atMs: number
  lag: number
}

/**
 * The lag of the one group that a journal tells of, over all partitions, after each request that changed it: log end as
 * the producer was answered, minus what was committed. A group without commits has everything still to do.
 */
export function lagSeries(journal: readonly Exchange[]): LagPoint[] {
  const ends = producedRecords(journal).flatMap(({ offset, partition, exchange }) =>
    offset === null ? [] : [{ atMs: answeredAt(exchange), partition, end: offset + 1n }],
  )
  const commits = committedPartitions(journal).flatMap(({ partition, offset, answered, error, exchange }) =>
    answered && error === null ? [{ atMs: answeredAt(exchange), partition, committed: offset }] : [],
  )
  const changes = [...ends, ...commits].sort((a, b) => a.atMs - b.atMs)
  const logs = new Map<number, { end: bigint; committed: bigint }>()
  return changes.map(({ atMs, partition, ...change }) => {
    logs.set(partition, { end: 0n, committed: 0n, ...logs.get(partition), ...change })
    const lag = [...logs.values()].reduce((sum, one) => sum + one.end - one.committed, 0n)
    return { atMs, lag: Number(lag) }
  })
}

function answeredAt({ responseAtMs, requestAtMs }: Exchange): number {
  return responseAtMs ?? requestAtMs
}
