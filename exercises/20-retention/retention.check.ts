import './retention.limits.ts'
import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check, HOUR, lines, now, table, written, writtenNow } from './retention.logs.ts'
import type { LogRecord } from './retention.ts'

const policy = { deleteRetentionMs: 24 * HOUR }

check(
  'latest-stays',
  'Compaction keeps the last record of each key, in its place and with its offset',
  { about: 'compact' },
  async ({ answer }) => {
    const log = [
      written(0, [
        ['USR-1', 'Alice'],
        ['USR-2', 'Bob'],
        ['USR-1', 'Alice Smith'],
      ]),
      writtenNow(3, [['USR-3', 'Carol']]),
    ]
    const cleaned = lines(await answer.compact(log, policy, now))
    mistake(
      'first-value-kept',
      cleaned.includes('0 USR-1 Alice'),
      'Alice has a new name, and the log has gone back to the old one. A program that rebuilds its table from this topic loses every change.',
    )
    mistake(
      'renumbered',
      cleaned.includes('0 USR-2 Bob'),
      'Record 1 is called 0 now. Groups have committed offsets: with new numbers a commit points to another record than before.',
    )
    mistake(
      'sorted-by-key',
      cleaned[0] === '2 USR-1 Alice Smith',
      'Offset 2 stands before offset 1. A reader goes through a log by rising offsets; what was written later is read later, also after a cleaning.',
    )
    expect(cleaned).toEqual(['1 USR-2 Bob', '2 USR-1 Alice Smith', '3 USR-3 Carol'])
  },
)

check(
  'across-segments',
  'The last record of a key is the last in all closed segments together',
  { after: 'latest-stays', about: 'compact' },
  async ({ answer }) => {
    const log = [
      written(0, [
        ['USR-1', 'Alice'],
        ['USR-2', 'Bob'],
      ]),
      written(2, [['USR-1', 'Alice Smith']]),
      written(3, [['USR-2', 'Robert']]),
      writtenNow(4, []),
    ]
    const cleaned = lines(await answer.compact(log, policy, now))
    mistake(
      'each-segment-alone',
      cleaned.length === 4,
      'Every segment has each key once, and the log has them twice. A topic would keep one record of a key for each segment that was ever written.',
    )
    expect(cleaned).toEqual(['2 USR-1 Alice Smith', '3 USR-2 Robert'])
  },
)

check(
  'active-segment',
  'The active segment is not cleaned, and what it holds makes no older record superfluous yet',
  { after: 'latest-stays', about: 'compact' },
  async ({ answer }) => {
    const log = [
      written(0, [['USR-1', 'Alice']]),
      writtenNow(1, [
        ['USR-2', 'Bob'],
        ['USR-1', 'Alice Smith'],
        ['USR-2', 'Robert'],
      ]),
    ]
    const cleaned = lines(await answer.compact(log, policy, now))
    mistake(
      'active-cleaned',
      !cleaned.includes('1 USR-2 Bob'),
      'Record 1 was removed from the active segment, the file that the broker is just writing to.',
    )
    mistake(
      'active-counts',
      !cleaned.includes('0 USR-1 Alice'),
      'Record 0 went because of a record in the active segment. The cleaner reads closed segments only. So a reader of a compacted topic meets keys more than once, and has to be ready for it.',
    )
    expect(cleaned).toEqual(['0 USR-1 Alice', '1 USR-2 Bob', '2 USR-1 Alice Smith', '3 USR-2 Robert'])
  },
)

check(
  'latest-by-offset',
  'Later means a higher offset: compaction does not look at the time of a value',
  { after: 'across-segments', about: 'compact' },
  async ({ answer }) => {
    const first = written(0, [['USR-1', 'Alice']])
    const late: LogRecord = { offset: 1, timestamp: now - 9 * HOUR, key: 'USR-1', value: 'Alice Smith' }
    const log = [{ ...first, records: [...first.records, late] }, writtenNow(2, [])]
    const cleaned = lines(await answer.compact(log, policy, now))
    mistake(
      'latest-by-timestamp',
      cleaned.join() === '0 USR-1 Alice',
      'The record that was written last is gone, because its time is older. A reader that followed the topic live has "Alice Smith", and one that starts now gets "Alice".',
    )
    expect(cleaned).toEqual(['1 USR-1 Alice Smith'])
  },
)

/** A user who was there, and was deleted. */
const deletedUser = [
  written(0, [
    ['USR-1', 'Alice'],
    ['USR-2', 'Bob'],
    ['USR-1', null],
  ]),
  writtenNow(3, []),
]

check(
  'tombstone-first',
  'A tombstone removes the older values of its key, and stays itself so that readers hear of it',
  { after: 'across-segments', about: 'compact' },
  async ({ answer }) => {
    const old = deletedUser.map((segment) => ({
      ...segment,
      records: segment.records.map((record) => ({ ...record, timestamp: now - 90 * 24 * HOUR })),
    }))
    const [cleaned = [], cleanedOld = [], cleanedFor0 = []] = await answer.compact.each([
      [deletedUser, policy, now],
      [old, policy, now],
      [deletedUser, { deleteRetentionMs: 0 }, now],
    ])
    mistake(
      'tombstone-is-no-value',
      lines(cleaned).includes('0 USR-1 Alice'),
      'USR-1 was deleted, and the address is there again.',
    )
    mistake(
      'tombstone-at-once',
      lines(cleaned).join() === '1 USR-2 Bob',
      'The tombstone went with the first cleaning. A service that had read Alice and was away for an hour never hears that she is gone, and keeps her for ever.',
    )
    mistake(
      'age-of-the-tombstone',
      lines(cleanedOld).join() === '1 USR-2 Bob',
      'This tombstone was written ninety days ago, and no cleaning has met it before. Its time has not even begun: it counts from the first cleaning, not from the writing.',
    )
    expect(lines(cleaned)).toEqual(['1 USR-2 Bob', '2 USR-1 null'])
    expect(lines(cleanedOld), 'records of ninety days ago').toEqual(['1 USR-2 Bob', '2 USR-1 null'])
    expect(lines(cleanedFor0), 'the first cleaning, with 0 ms').toEqual(['1 USR-2 Bob', '2 USR-1 null'])
  },
)

check(
  'tombstone-later',
  'Once delete.retention.ms has passed since the first cleaning, the next one removes the tombstone',
  { after: 'tombstone-first', about: 'compact' },
  async ({ answer }) => {
    const first = await answer.compact(deletedUser, policy, now)
    const second = await answer.compact(first, policy, now + 12 * HOUR)
    expect(lines(second), 'a cleaning after 12 of 24 hours').toContain('2 USR-1 null')
    const third = await answer.compact(second, policy, now + 24 * HOUR)
    mistake(
      'horizon-moves',
      lines(third).includes('2 USR-1 null'),
      'A day after the first cleaning the tombstone is still there. A topic that is cleaned often would never get rid of one.',
    )
    expect(lines(third), 'a cleaning after 24 of 24 hours').toEqual(['1 USR-2 Bob'])
    const back = [...second.slice(0, -1), written(3, [['USR-1', 'Alice B.']]), writtenNow(4, [])]
    expect(lines(await answer.compact(back, policy, now + 12 * HOUR)), 'a value after the tombstone').toEqual(
      ['1 USR-2 Bob', '3 USR-1 Alice B.'],
    )
  },
)

check(
  'no-key',
  'A record without a key is the last one of nothing: a topic that becomes compacted loses it',
  { after: 'across-segments', about: 'compact' },
  async ({ answer }) => {
    const log = [
      written(0, [
        [null, 'first'],
        ['', 'an empty key'],
        [null, 'second'],
        ['USR-1', ''],
      ]),
      writtenNow(4, []),
    ]
    const cleaned = lines(await answer.compact(log, policy, now))
    mistake(
      'keyless-kept',
      cleaned.includes('0 null first'),
      'These records have no key, so nothing ever replaces them: they would stay for ever in a topic that has no limit of time.',
    )
    mistake(
      'null-as-a-key',
      cleaned.includes('2 null second'),
      'The last keyless record stays and the one before it went, as if the two had a key in common. They have nothing to do with each other.',
    )
    mistake(
      'empty-means-none',
      !cleaned.includes('1  an empty key') || !cleaned.includes('3 USR-1 '),
      'A key of zero bytes is a key, and a value of zero bytes is a value. Only null is a missing key, and only null is a tombstone.',
    )
    expect(cleaned).toEqual(['1  an empty key', '3 USR-1 '])
    const again = await answer.compact(await answer.compact(log, policy, now), policy, now + 48 * HOUR)
    expect(lines(again), 'the same log, two days later').toEqual(cleaned)
  },
)

check(
  'same-table',
  'A cleaned log tells a new reader the same in the end, with each key once in the closed segments',
  { after: ['active-segment', 'latest-by-offset', 'tombstone-later', 'no-key'], about: 'compact' },
  async ({ answer, random }) => {
    const trials = Array.from({ length: 200 }, () => {
      const pair = (): [string, string | null] => [
        `USR-${random.int(1, 6)}`,
        random.pick([null, random.text(4)]),
      ]
      const pairs = Array.from({ length: random.int(3, 30) }, pair)
      const [first, second] = [Math.floor(pairs.length / 3), Math.floor((2 * pairs.length) / 3)]
      const parts: [number, number][] = [
        [0, first],
        [first, second],
        [second, pairs.length],
      ]
      return parts.map(([from, to], at) => ({
        ...written(from, pairs.slice(from, to)),
        active: at === 2,
      }))
    })
    const logs = await answer.compact.each(trials.map((log) => [log, policy, now]))
    for (const [at, before] of trials.entries()) {
      const after = logs[at] ?? []
      const keys = after
        .filter(({ active }) => !active)
        .flatMap(({ records }) => records.map(({ key }) => key))
      const given = lines(before).join(', ')
      expect(table(after), `what a reader knows at the end of: ${given}`).toEqual(table(before))
      expect(keys, `keys of the closed segments, of: ${given}`).toEqual([...new Set(keys)])
      expect(lines(before), 'only records of the log').toEqual(expect.arrayContaining(lines(after)))
      expect(after.at(-1), 'the active segment').toEqual(before.at(-1))
    }
  },
)
