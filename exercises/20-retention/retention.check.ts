import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as yours from './retention.ts'
import type { LogRecord, Policy, Segment } from './retention.ts'

const check = checksFor<{ answer: typeof yours }>(import.meta.url)

const HOUR = 3_600_000
const now = Date.parse('2026-03-14T12:00:00Z')

/** A closed segment of 100 bytes whose records are so many hours old. */
function aged(baseOffset: number, ages: number[], given: Partial<Segment> = {}): Segment {
  const records = ages.map((age, at) => ({
    offset: baseOffset + at,
    timestamp: now - age * HOUR,
    key: `ORD-${baseOffset + at}`,
    value: 'OrderPlaced',
  }))
  return { baseOffset, bytes: 100, records, active: false, ...given }
}

const agedActive = (baseOffset: number, ages: number[]) => aged(baseOffset, ages, { active: true })

/** Arguments of `retain`, with a log of its own for each call. A limit that is not given is none. */
const asked = (log: Segment[], given: Partial<Policy>): [Segment[], Policy, number] => [
  structuredClone(log),
  { retentionMs: -1, retentionBytes: -1, committed: {}, ...given },
  now,
]

const ofOneDay = { retentionMs: 24 * HOUR }

/** The offsets of each segment. */
const offsets = (log: Segment[]) => log.map(({ records }) => records.map(({ offset }) => offset))

check(
  'no-limit',
  'A limit of -1 is none: such a log keeps everything for ever',
  { about: 'retain' },
  async ({ answer }) => {
    const log = [aged(0, [90_000, 80_000]), aged(2, [50_000]), agedActive(3, [40_000])]
    const kept = await answer.retain(...asked(log, {}))
    mistake(
      'minus-one-is-a-number',
      kept.flatMap(({ records }) => records).length < 4,
      'Every record is older than -1 milliseconds, and every log larger than -1 bytes. But -1 is how Kafka writes "no limit", and orders of ten years are gone.',
    )
    expect(offsets(kept)).toEqual([[0, 1], [2], [3]])
  },
)

check(
  'whole-segments',
  'Kafka deletes whole segments, and the newest record of a segment decides for all of them',
  { after: 'no-limit', about: 'retain' },
  async ({ answer }) => {
    const log = [aged(0, [50, 30, 20]), aged(3, [19, 10]), agedActive(5, [1])]
    const kept = await answer.retain(...asked(log, ofOneDay))
    mistake(
      'record-by-record',
      kept[0]?.records[0]?.offset === 2,
      'Two records of a day and more were taken out of a segment that stays. A broker deletes files. It opens none to look for old records, and retention is the least time that a record stays.',
    )
    mistake(
      'oldest-record-decides',
      kept[0]?.baseOffset === 3,
      'Record 2 is 20 hours old and was promised a day. It went because it shares a segment with older ones.',
    )
    expect(offsets(kept), 'retention of 24 hours').toEqual([[0, 1, 2], [3, 4], [5]])
    const shorter = await answer.retain.each([
      asked(log, { retentionMs: 15 * HOUR }),
      asked(log, { retentionMs: 20 * HOUR }),
    ])
    expect(shorter.map(offsets), 'retention of 15, and of exactly 20 hours').toEqual([
      [[3, 4], [5]],
      [[0, 1, 2], [3, 4], [5]],
    ])
  },
)

check(
  'newest-timestamp',
  'The newest record of a segment is the one with the largest timestamp, wherever it stands',
  { after: 'whole-segments', about: 'retain' },
  async ({ answer }) => {
    const log = [aged(0, [40, 2, 30]), agedActive(3, [1])]
    const kept = await answer.retain(...asked(log, ofOneDay))
    mistake(
      'last-record-decides',
      kept[0]?.baseOffset === 3,
      'Record 1 is two hours old and is gone. The record after it has an older time: it comes from another producer, or was sent again. The last record is not always the newest.',
    )
    expect(offsets(kept)).toEqual([[0, 1, 2], [3]])
  },
)

check(
  'oldest-first',
  'Deletion begins at the oldest segment and ends at the first that stays, so a log has no holes',
  { after: 'whole-segments', about: 'retain' },
  async ({ answer }) => {
    const log = [aged(0, [30]), aged(1, [10]), aged(2, [40]), agedActive(3, [1])]
    const kept = await answer.retain(...asked(log, ofOneDay))
    mistake(
      'hole-in-the-log',
      offsets(kept).flat().join() === '1,3',
      'Segment 2 was taken out between two that stay. A reader that is at offset 2 is inside the log, and finds nothing there.',
    )
    expect(offsets(kept)).toEqual([[1], [2], [3]])
  },
)

check(
  'active-too',
  'Time takes the active segment as well: the log is empty then, and its offsets go on',
  { after: 'oldest-first', about: 'retain' },
  async ({ answer }) => {
    const kept = await answer.retain(...asked([aged(0, [40]), agedActive(1, [30, 28])], ofOneDay))
    mistake(
      'active-never-goes',
      offsets(kept).flat().includes(1),
      'The records of a quiet partition are older than the limit, and stay readable because no new one comes. Customer data would outlive every promise that was made about it.',
    )
    mistake(
      'no-active-segment',
      kept.length === 0,
      'Nothing is left, not even a file for the next record. A partition always has an active segment.',
    )
    mistake(
      'offsets-begin-again',
      kept[0]?.baseOffset === 0,
      'The next record would get offset 0 a second time. A group that has committed 3 would never read it.',
    )
    expect(kept).toMatchObject([{ baseOffset: 3, bytes: 0, records: [], active: true }])

    const empty = agedActive(9, [])
    const others = await answer.retain.each([
      asked([aged(0, [40]), agedActive(1, [30, 1])], ofOneDay),
      asked([aged(7, [50, 40]), empty], ofOneDay),
      asked([empty], ofOneDay),
    ])
    expect(offsets(others[0] ?? []), 'one young record in the active segment').toEqual([[1, 2]])
    expect(others.slice(1), 'an active segment that is empty').toMatchObject([
      [{ baseOffset: 9, active: true }],
      [{ baseOffset: 9, active: true }],
    ])
  },
)

check(
  'size',
  'The rule of the size deletes only what leaves at least the limit, so a partition holds more than that',
  { after: 'oldest-first', about: 'retain' },
  async ({ answer }) => {
    const log = [aged(0, [4]), aged(1, [3]), aged(2, [2]), agedActive(3, [1])]
    const kept = await answer.retain.each([
      asked(log, { retentionBytes: 250 }),
      asked(log, { retentionBytes: 200 }),
      asked(log, { retentionBytes: 1 }),
      asked(log, { retentionBytes: 5000 }),
    ])
    mistake(
      'size-is-a-maximum',
      kept[0] !== undefined && offsets(kept[0]).flat().join() === '2,3',
      'Two segments of 100 bytes stay, and 250 bytes were to be kept. The broker never goes below the limit: whoever plans disks with it has to add a segment for each partition.',
    )
    expect(kept.map(offsets), 'limits of 250, 200, 1 and 5000 bytes').toEqual([
      [[1], [2], [3]],
      [[2], [3]],
      [[3]],
      [[0], [1], [2], [3]],
    ])
  },
)

check(
  'either-rule',
  'With two limits a segment goes as soon as one of them lets it go',
  { after: 'size', about: 'retain' },
  async ({ answer }) => {
    const both = { ...ofOneDay, retentionBytes: 200 }
    const [old, mixed] = await answer.retain.each([
      asked([aged(0, [40]), agedActive(1, [1])], both),
      asked([aged(0, [3]), aged(1, [40]), agedActive(2, [1])], both),
    ])
    mistake(
      'both-must-agree',
      old?.length === 2,
      'A segment of 40 hours stays although a day was the limit, because the log is still small. With a second limit a log keeps less, and never more.',
    )
    mistake(
      'rules-one-by-one',
      mixed?.[0]?.baseOffset === 1,
      'Segment 0 went for the size. The segment behind it is 40 hours old, is the oldest one now, and stays.',
    )
    expect([old, mixed].map((log = []) => offsets(log))).toEqual([[[1]], [[2]]])
  },
)

check(
  'reading',
  'Reading deletes nothing, and what nobody has read goes as well',
  { after: 'either-rule', about: 'retain' },
  async ({ answer }) => {
    const groups = (committed: number) => ({
      committed: { 'inventory-service-group': committed, 'payment-service-group': committed },
    })
    const young = [aged(0, [3]), aged(1, [2]), agedActive(2, [1])]
    const readByAll = await answer.retain(...asked(young, { ...ofOneDay, ...groups(3) }))
    mistake(
      'consumed-is-deleted',
      readByAll[0]?.baseOffset !== 0,
      'Both groups have read these records, and they are gone. Kafka is no queue: a group that starts tomorrow may want to read them too.',
    )
    expect(offsets(readByAll)).toEqual([[0], [1], [2]])
    const old = [aged(0, [50]), aged(1, [40]), agedActive(2, [1])]
    const readByNobody = await answer.retain(...asked(old, { ...ofOneDay, ...groups(0) }))
    mistake(
      'unread-is-kept',
      readByNobody[0]?.baseOffset === 0,
      'Two groups are behind, and the log waits for them. Kafka does not: one group that is switched off for ever would fill every disk.',
    )
    expect(offsets(readByNobody)).toEqual([[2]])
  },
)

check(
  'no-more-no-less',
  'What a policy lets go goes, what it protects stays, and a second look finds nothing to do',
  { after: ['active-too', 'newest-timestamp', 'reading'], about: 'retain' },
  async ({ answer, random }) => {
    const trials = Array.from({ length: 300 }, () => {
      const count = random.int(0, 5)
      const closed = Array.from({ length: count }, (_, at) =>
        aged(10 * at, [random.int(1, 48), random.int(1, 48)], { bytes: random.int(50, 150) }),
      )
      const log = [...closed, agedActive(10 * count, [random.int(1, 48)])]
      const retentionMs = random.pick([-1, random.int(1, 48) * HOUR])
      return asked(log, { retentionMs, retentionBytes: random.pick([-1, random.int(1, 600)]) })
    })
    const kept = await answer.retain.each(trials)
    for (const [at, [log, policy]] of trials.entries()) {
      const left = kept[at] ?? []
      const given = JSON.stringify({ policy, log: offsets(log), left: offsets(left) })
      const isEmpty = left.every(({ records }) => records.length === 0)
      const gone = isEmpty ? log.length : log.length - left.length
      const isSafe = (_: unknown, index: number) => isProtected(log.slice(index), policy)
      expect(log.slice(0, gone).filter(isSafe), `protected and gone, ${given}`).toEqual([])
      expect(isEmpty || isProtected(left, policy), `the oldest that stays is protected, ${given}`).toBe(true)
      if (!isEmpty) expect(left, given).toEqual(log.slice(gone))
    }
    const again = await answer.retain.each(trials.map(([, policy], at) => [kept[at] ?? [], policy, now]))
    expect(again.map(offsets), 'the same policy once more').toEqual(kept.map(offsets))
  },
)

/** Whether no rule lets the oldest segment go. */
function isProtected([oldest, ...others]: Segment[], { retentionMs, retentionBytes }: Policy): boolean {
  const hasYoung = oldest?.records.some(({ timestamp }) => now - timestamp <= retentionMs) ?? true
  const behind = others.reduce((sum, { bytes }) => sum + bytes, 0)
  return (retentionMs === -1 || hasYoung) && (retentionBytes === -1 || behind < retentionBytes)
}

/** A closed segment of a compacted topic: users, and their names. */
function written(baseOffset: number, pairs: [key: string | null, value: string | null][]): Segment {
  const records = pairs.map(([key, value], at) => ({
    offset: baseOffset + at,
    timestamp: now - HOUR,
    key,
    value,
  }))
  return { baseOffset, bytes: 100, records, active: false }
}

const writtenNow = (baseOffset: number, pairs: [key: string | null, value: string | null][]): Segment => ({
  ...written(baseOffset, pairs),
  active: true,
})

/** All records of a log, one line for each. */
const lines = (log: Segment[]) =>
  log.flatMap(({ records }) => records.map(({ offset, key, value }) => `${offset} ${key} ${value}`))

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
    const [cleaned = [], cleanedOld = []] = await answer.compact.each([
      [deletedUser, policy, now],
      [old, policy, now],
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

/** What a reader has in its table when it has read the whole log. */
function table(log: Segment[]): Record<string, string> {
  const rows = new Map<string, string>()
  for (const { key, value } of log.flatMap(({ records }) => records)) {
    if (value === null) rows.delete(String(key))
    else rows.set(String(key), value)
  }
  return Object.fromEntries(rows)
}
