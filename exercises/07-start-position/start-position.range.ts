// The first checks: the ends of the log, and a commit inside or outside of them. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import {
  check,
  committedAt,
  java,
  kafkajs,
  log,
  offsetsOf,
  reasonsOf,
  state,
} from './start-position.states.ts'

check(
  'commit-decides',
  'A commit that can be used decides where a group goes on; no setting of the consumer does',
  async ({ answer }) => {
    const clients = [java('earliest'), java('latest'), java('none'), java('by_duration:PT1H')]
    const committed = committedAt(42n)
    const [fromBeginning] = await answer.startPosition.each([state({ committed, ...kafkajs(true) })])
    const positions = await answer.startPosition.each(
      clients.map((client) => state({ committed, ...client })),
    )
    const [earliest, latest] = offsetsOf(positions)
    mistake(
      'reset-although-committed',
      earliest === 40n && latest === 45n,
      'The reset policy was asked although the group had committed 42: with earliest it would handle its orders again at every restart, with latest it would skip some at every restart.',
    )
    mistake(
      'flag-beats-commit',
      fromBeginning?.offset === 40n,
      'fromBeginning sounds like an order, and a group that has committed 42 does not go back for it.',
    )
    mistake(
      'one-after-the-commit',
      earliest === 43n,
      'The group had committed 42 and began at 43. A commit does not name the last record that was handled, so here one record is never handled.',
    )
    expect(offsetsOf(positions)).toEqual([42n, 42n, 42n, 42n])
    expect(reasonsOf(positions)).toEqual(['committed'])
    expect(fromBeginning).toMatchObject({ offset: 42n, reason: 'committed' })
  },
)

check(
  'both-ends-are-in-range',
  'A group whose commit is the log end has read everything, and goes on from there',
  { after: 'commit-decides' },
  async ({ answer }) => {
    const positions = await answer.startPosition.each([
      state({ committed: committedAt(45n), ...java('earliest') }),
      state({ committed: committedAt(40n), ...java('latest') }),
    ])
    mistake(
      'end-is-out-of-range',
      positions[0]?.reason === 'out-of-range',
      'At the log end there is no record yet, but the next one will get that offset. Whoever has read everything stands there, and was sent back to the start.',
    )
    expect(positions).toMatchObject([
      { offset: 45n, reason: 'committed' },
      { offset: 40n, reason: 'committed' },
    ])
  },
)

check(
  'earliest',
  'For a group without a commit, earliest is the first offset that the log still has',
  async ({ answer }) => {
    const positions = await answer.startPosition.each([state(java('earliest')), state(kafkajs(true))])
    mistake(
      'earliest-is-zero',
      positions[0]?.offset === 0n,
      'Offset 0 was deleted long ago, and offsets are never used twice: a log that has retention does not begin with 0.',
    )
    expect(positions).toMatchObject([
      { offset: 40n, reason: 'no-commit' },
      { offset: 40n, reason: 'no-commit' },
    ])
  },
)

check(
  'latest',
  'For a group without a commit, latest is the offset of the record that comes next, and none that is stored',
  async ({ answer }) => {
    const positions = await answer.startPosition.each([state(java('latest')), state(kafkajs(false))])
    mistake(
      'latest-is-last-record',
      positions[0]?.offset === 44n,
      'Record 44 was stored before this consumer came, and latest lets it see nothing of that.',
    )
    expect(positions).toMatchObject([
      { offset: 45n, reason: 'no-commit' },
      { offset: 45n, reason: 'no-commit' },
    ])
  },
)

check(
  'ends-are-not-counts',
  'Start and end belong to the log: compaction leaves gaps between them, and retention may leave no record at all',
  { after: ['earliest', 'latest'] },
  async ({ answer }) => {
    const withGaps = { ...log, records: log.records.filter(({ offset }) => offset !== 41n && offset !== 42n) }
    const empty = { start: 45n, end: 45n, records: [] }
    const [compacted, ...emptied] = await answer.startPosition.each([
      state({ log: withGaps, ...java('latest') }),
      state({ log: empty, ...java('latest') }),
      state({ log: empty, ...java('earliest') }),
    ])
    mistake(
      'counted-records',
      compacted?.offset === 43n,
      'Three records from 40 on do not end at 43: two offsets in between were compacted away, and an offset is a place in the log and no count.',
    )
    expect(compacted?.offset, 'latest, in a log with gaps').toBe(45n)
    expect(offsetsOf(emptied), 'latest and earliest, in an empty log').toEqual([45n, 45n])
  },
)

check(
  'record-deleted',
  'When retention has deleted the record of the commit, the commit is out of range and the policy decides',
  { after: ['commit-decides', 'earliest', 'latest'] },
  async ({ answer }) => {
    const committed = committedAt(12n)
    const clients = [java('latest'), kafkajs(false), java('earliest'), kafkajs(true)]
    const positions = await answer.startPosition.each(
      clients.map((client) => state({ committed, ...client })),
    )
    mistake(
      'deleted-commit-still-used',
      positions[0]?.offset === 12n,
      'Record 12 is not there any more. A fetch from there is refused: OFFSET_OUT_OF_RANGE.',
    )
    mistake(
      'nearest-stored-record',
      positions[0]?.offset === 40n,
      'The consumer wants latest, and was given the oldest stored record. Kafka does not look for the place that comes nearest: it falls back on the policy, and all that is stored may be skipped.',
    )
    expect(offsetsOf(positions)).toEqual([45n, 45n, 40n, 40n])
    expect(reasonsOf(positions)).toEqual(['out-of-range'])
  },
)

check(
  'log-is-shorter',
  'A commit beyond the log end is out of range as well, whatever made the log shorter',
  { after: 'record-deleted' },
  async ({ answer }) => {
    const clients = [java('latest'), java('earliest'), kafkajs(true)]
    const positions = await answer.startPosition.each(
      clients.map((client) => state({ committed: committedAt(60n), ...client })),
    )
    mistake(
      'waits-beyond-the-end',
      positions[0]?.offset === 60n,
      'The consumer asks for offset 60 of a log that ends at 45. Kafka does not let it wait until the log is long enough; fifteen orders would be lost.',
    )
    expect(offsetsOf(positions)).toEqual([45n, 40n, 40n])
    expect(reasonsOf(positions)).toEqual(['out-of-range'])
  },
)
