import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as yours from './start-position.ts'
import type { Reset, StartState } from './start-position.ts'

const check = checksFor<{ answer: typeof yours }>(import.meta.url)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const now = Date.parse('2026-03-14T12:00:00Z')

/** Offsets 40 to 44, between one and five hours old. What came before them has been deleted. */
const log: StartState['log'] = {
  start: 40n,
  end: 45n,
  records: [5, 4, 3, 2, 1].map((age, at) => ({ offset: 40n + BigInt(at), timestamp: now - age * HOUR })),
}

const running = { emptySince: null, offsetsRetentionMs: 7 * DAY }
const committedAt = (offset: bigint, age = HOUR) => ({ offset, at: now - age })
const java = (autoOffsetReset: Reset) => ({ client: { autoOffsetReset } })
const kafkajs = (fromBeginning: boolean) => ({ client: { fromBeginning } })

/** A group at work that has no commit yet, on the log above; `given` says what is different. */
const state = (given: Partial<StartState>): [StartState] => [
  { log, committed: null, group: running, partitionIsNew: false, ...java('latest'), now, ...given },
]

const offsetsOf = (positions: { offset: bigint }[]) => positions.map(({ offset }) => offset)
const reasonsOf = (positions: { reason: string }[]) => [...new Set(positions.map(({ reason }) => reason))]

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

check(
  'forgotten-commit',
  'The commits of a group without members are forgotten after a while; those of a running group never are',
  { after: ['commit-decides', 'earliest', 'latest'] },
  async ({ answer }) => {
    const emptyFor = (age: number) => ({ emptySince: now - age, offsetsRetentionMs: 7 * DAY })
    const [atWork, away, gone, goneToo] = await answer.startPosition.each([
      state({ committed: committedAt(42n, 30 * DAY) }),
      state({ committed: committedAt(42n, 30 * DAY), group: emptyFor(6 * DAY) }),
      state({ committed: committedAt(42n, 8 * DAY), group: emptyFor(8 * DAY) }),
      state({ committed: committedAt(12n, 30 * DAY), group: emptyFor(30 * DAY), ...kafkajs(true) }),
    ])
    mistake(
      'expired-still-used',
      gone?.reason === 'committed',
      'The group has been away for eight days, and the broker keeps the commits of such a group for seven. There is nothing left to go on from.',
    )
    mistake(
      'age-of-the-commit',
      atWork?.reason === 'expired',
      'This group is running. It has not committed for thirty days because no record came, and the broker does not hold that against it.',
    )
    mistake(
      'counted-from-the-commit',
      away?.reason === 'expired',
      'The group committed thirty days ago, and its last member left six days ago. The seven days of the broker begin when the group becomes empty: its commits are still there, and orders are skipped or handled again.',
    )
    expect(atWork).toMatchObject({ offset: 42n, reason: 'committed' })
    expect(away, 'away for six of seven days').toMatchObject({ offset: 42n, reason: 'committed' })
    expect(gone, 'away for eight days, latest').toMatchObject({ offset: 45n, reason: 'expired' })
    expect(goneToo, 'away for thirty days, earliest').toMatchObject({ offset: 40n, reason: 'expired' })
  },
)

check(
  'new-partition',
  'A partition that was added later has no commit, so the policy decides there, too',
  { after: ['commit-decides', 'earliest', 'latest'] },
  async ({ answer }) => {
    const records = [0n, 1n, 2n].map((offset) => ({ offset, timestamp: now - MINUTE }))
    const added = { partitionIsNew: true, log: { start: 0n, end: 3n, records } }
    const [latest, earliest, committed] = await answer.startPosition.each([
      state({ ...added, ...java('latest') }),
      state({ ...added, ...kafkajs(true) }),
      state({ ...added, committed: committedAt(2n) }),
    ])
    mistake(
      'new-partition-from-start',
      latest?.offset === 0n,
      'The three records came before the group had found the partition. Under latest it does not get them: growing a topic can lose records for such a group.',
    )
    mistake(
      'new-means-no-commit',
      committed?.reason === 'new-partition',
      'The partition is new to the group, and there is a commit for it all the same, perhaps from an operator who knew about it. A commit in range decides, here as everywhere.',
    )
    expect(latest).toMatchObject({ offset: 3n, reason: 'new-partition' })
    expect(earliest).toMatchObject({ offset: 0n, reason: 'new-partition' })
    expect(committed).toMatchObject({ offset: 2n, reason: 'committed' })
  },
)

check(
  'none-throws',
  'With none, a consumer that has no commit to use does not begin at all: it throws',
  { after: ['record-deleted', 'forgotten-commit', 'new-partition'] },
  async ({ answer }) => {
    const away = { emptySince: now - 8 * DAY, offsetsRetentionMs: 7 * DAY }
    const cases: Record<string, Partial<StartState>> = {
      'no commit': {},
      'out of range': { committed: committedAt(12n) },
      expired: { committed: committedAt(42n, 8 * DAY), group: away },
      'new partition': { partitionIsNew: true },
    }
    for (const [name, given] of Object.entries(cases)) {
      const { threw, returned } = await answer.startPosition.outcome(...state({ ...given, ...java('none') }))
      mistake(
        'none-is-latest',
        returned?.offset === 45n,
        'none is for programs that would rather stop than guess. Going on at the end is the guess it forbids: records are skipped, and nobody hears of it.',
      )
      expect(threw, `none, ${name}`).toBeDefined()
    }
  },
)

check(
  'by-duration',
  'A duration counts back from now, and the first record that is young enough is the start',
  { after: ['earliest', 'latest'] },
  async ({ answer }) => {
    const startFor = async (durations: string[]) =>
      offsetsOf(await answer.startPosition.each(durations.map((one) => state(java(`by_duration:${one}`)))))
    const [threeHours, halfAnHour] = await startFor(['PT3H', 'PT30M'])
    mistake(
      'from-newest-record',
      threeHours === 41n,
      'Record 41 is four hours old, and three were asked for. The newest record is an hour old itself; a topic that is quiet for a week would give back old orders as if they were of today.',
    )
    mistake(
      'falls-back-to-earliest',
      halfAnHour === 40n,
      'No record of the last half hour is stored, and the consumer was given records of five hours.',
    )
    expect({ threeHours, halfAnHour }).toEqual({ threeHours: 42n, halfAnHour: 45n })
    const others = await startFor(['PT2H30M', 'PT90M', 'PT7200S', 'P1D', 'P10D', 'PT0H3600S'])
    expect(others).toEqual([43n, 44n, 43n, 40n, 40n, 44n])
    const old = {
      ...log,
      records: log.records.map((record) => ({ ...record, timestamp: record.timestamp - 2 * DAY })),
    }
    const [days] = await answer.startPosition.each([state({ log: old, ...java('by_duration:P2DT2H30M') })])
    expect(days?.offset, 'P2DT2H30M, all records two days older').toBe(43n)
  },
)

check(
  'order-of-the-log',
  'The first young record is the first in the log, also where timestamps do not rise',
  { after: 'by-duration' },
  async ({ answer }) => {
    const ages = [5 * HOUR, 1 * HOUR, 4 * HOUR, 30 * MINUTE, 3 * HOUR, 10 * MINUTE]
    const records = ages.map((age, at) => ({ offset: BigInt(at), timestamp: now - age }))
    const shuffled = { log: { start: 0n, end: 6n, records } }
    const positions = await answer.startPosition.each([
      state({ ...shuffled, ...java('by_duration:PT2H') }),
      state({ ...shuffled, ...java('by_duration:PT45M') }),
    ])
    mistake(
      'after-the-last-older',
      positions[0]?.offset === 5n,
      'Records 1 and 3 are young enough, and were skipped for the sake of an older one behind them. Producers set the timestamps, and several of them agree on no order.',
    )
    expect(offsetsOf(positions)).toEqual([1n, 3n])
  },
)

check(
  'reasons-do-not-matter',
  'Whatever the reason, without a usable commit the same policy begins at the same place, and always inside the log',
  { after: ['none-throws', 'order-of-the-log', 'log-is-shorter', 'both-ends-are-in-range'] },
  async ({ answer, random }) => {
    const trials = Array.from({ length: 500 }, () => {
      const start = BigInt(random.int(1, 1_000_000))
      const records = Array.from({ length: random.int(0, 8) }, (_, at) => ({
        offset: start + BigInt(2 * at),
        timestamp: now - random.int(0, 400) * MINUTE,
      }))
      const end = start + BigInt(2 * records.length)
      const client = random.pick([
        java('earliest'),
        java('latest'),
        java(`by_duration:PT${random.int(1, 400)}M`),
      ])
      return { log: { start, end, records }, ...client }
    })
    const away = { emptySince: now - 8 * DAY, offsetsRetentionMs: 7 * DAY }
    const askAll = (given: (log: StartState['log']) => Partial<StartState>) =>
      answer.startPosition
        .each(trials.map((trial) => state({ ...trial, ...given(trial.log) })))
        .then(offsetsOf)
    const unread = await askAll(() => ({}))
    expect(await askAll(() => ({ partitionIsNew: true })), 'new partitions').toEqual(unread)
    expect(await askAll(({ start }) => ({ committed: committedAt(start - 1n) })), 'out of range').toEqual(
      unread,
    )
    expect(await askAll(({ end }) => ({ committed: committedAt(end), group: away })), 'expired').toEqual(
      unread,
    )
    const outside = trials.filter(({ log: { start, end } }, at) => {
      const offset = unread[at] ?? -1n
      return offset < start || offset > end
    })
    expect(outside, 'states whose start lies outside of their log').toEqual([])
  },
)
