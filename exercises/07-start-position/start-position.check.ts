import './start-position.range.ts'
import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import {
  check,
  committedAt,
  DAY,
  HOUR,
  java,
  kafkajs,
  log,
  MINUTE,
  now,
  offsetsOf,
  state,
} from './start-position.states.ts'
import type { StartState } from './start-position.ts'

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
      'The group committed thirty days ago, and its last member left six days ago. In a group like this one the seven days of the broker begin when it becomes empty: its commits are still there, and whoever does not use them skips orders or handles them again.',
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
