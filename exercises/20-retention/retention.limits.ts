// The first checks: what limits of time and of bytes delete. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { aged, agedActive, asked, check, HOUR, now, offsets, ofOneDay } from './retention.logs.ts'
import type { Policy, Segment } from './retention.ts'

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
