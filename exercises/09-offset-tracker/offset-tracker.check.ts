import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './offset-tracker.scenes.ts'
import type { Script, Step } from './offset-tracker.scenes.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url)

const deliver = (...offsets: bigint[]) =>
  offsets.map((offset): Step => ({ ...zero, does: 'deliver', offset }))
const done = (...offsets: bigint[]) => offsets.map((offset): Step => ({ ...zero, does: 'done', offset }))
const zero = { partition: 0 }
const ask: Step[] = [{ ...zero, does: 'committable' }]
const revoke: Step[] = [{ ...zero, does: 'revoke' }]

/** What happens to one tracker, from its start on. */
const script = (start: bigint, ...steps: Step[][]): Script => ({ starts: [start], steps: steps.flat() })

check(
  'next-offset',
  'A commit names the offset that comes next, so it is one more than the last finished one',
  { about: 'committable' },
  async ({ play }) => {
    const [said] = await play.run([script(10n, deliver(10n, 11n), done(10n, 11n), ask)])
    mistake(
      'last-processed',
      said?.[0] === 11n,
      'Records 10 and 11 are finished, and 11 is to be committed. The next reader of the group begins with the committed offset, so it handles 11 once more.',
    )
    mistake(
      'count-as-offset',
      said?.[0] === 2n,
      'Two records were finished, and 2 is to be committed. This partition was at 10: the group would go back to what it has handled long ago.',
    )
    expect(said).toEqual([12n])
  },
)

check(
  'unfinished-first',
  'A finished record counts only when every record before it is finished as well',
  { after: 'next-offset', about: 'done' },
  async ({ play }) => {
    const steps = [deliver(0n, 1n, 2n), done(1n), ask, done(0n), ask, done(2n), ask]
    const [said] = await play.run([script(0n, ...steps)])
    mistake(
      'highest-done',
      said?.[0] === 2n,
      'Record 1 is finished and record 0 is still in work. Committing 2 says that both are done: after a crash now, nobody handles record 0.',
    )
    mistake(
      'waits-for-all',
      said?.[1] === null,
      'Records 0 and 1 are finished, and still there is nothing to commit. On a busy partition something is always in work, so it would never be committed at all.',
    )
    expect(said, 'after done(1), after done(0), after done(2)').toEqual([null, 2n, 3n])
  },
)

check(
  'only-news',
  'A commit is a request to the broker: the same offset is not worth a second one',
  { after: 'next-offset', about: 'committable' },
  async ({ play }) => {
    const steps = [ask, deliver(10n), ask, done(10n), ask, ask, deliver(11n), ask, done(11n), ask]
    const [said] = await play.run([script(10n, ...steps)])
    mistake(
      'same-value-again',
      said?.[2] === 11n && said[3] === 11n,
      'Nothing was finished since the last time, and the same offset is offered again. Asked every hundred milliseconds, an idle partition would commit ten times a second.',
    )
    expect(said).toEqual([null, null, 11n, null, null, 12n])
  },
)

check(
  'gaps',
  'Not every offset is a record: what is never delivered cannot be waited for',
  { after: 'unfinished-first', about: 'done' },
  async ({ play }) => {
    const [said] = await play.run([script(0n, deliver(3n, 7n), done(3n), ask, done(7n), ask)])
    mistake(
      'gap-blocks',
      said?.[0] === null && said[1] === null,
      'The tracker waits for offsets that nobody ever delivers: transaction markers have them, and records that compaction has removed. This partition never commits again.',
    )
    mistake(
      'counted-through-gaps',
      said?.[1] === 2n,
      'Two records are finished, so the offset went up by two. They were the records 3 and 7; a reader that begins at 2 gets both of them again.',
    )
    const [first, last] = said ?? []
    // Between 3 and 7 there is no record, so each of 4 to 7 says the same.
    const repeated = [3n, 7n].filter((offset) => offset >= (first ?? 0n))
    expect(repeated, 'what is read again after done(3)').toEqual([7n])
    expect(last, 'after done(7)').toBe(8n)
  },
)

check(
  'never-back',
  'A record that is delivered again below the mark is no news, and the commit does not go back for it',
  { after: ['unfinished-first', 'only-news'], about: 'deliver' },
  async ({ play }) => {
    const handled = [deliver(0n, 1n, 2n), done(0n, 1n, 2n), ask]
    const [said, inWork] = await play.run([
      script(0n, ...handled, deliver(1n), done(1n), ask),
      script(0n, ...handled, deliver(1n, 3n), done(3n), ask),
    ])
    mistake(
      'goes-back',
      typeof said?.[1] === 'bigint',
      'The group had committed 3, and a lower offset was to be committed after it. The broker would take it, and the next reader would start over from there.',
    )
    expect(said).toEqual([3n, null])
    expect(inWork, 'a record that is done, delivered again and never done again').toEqual([3n, 4n])
  },
)

check(
  'unknown-done',
  'A "done" for a record that was not delivered to this tracker is somebody else\'s',
  { after: 'unfinished-first', about: 'done' },
  async ({ play }) => {
    const steps = [done(5n), ask, deliver(5n), ask, done(99n), ask, done(5n), ask]
    const [said] = await play.run([script(5n, ...steps)])
    mistake(
      'stale-done-counts',
      said?.[1] === 6n,
      'A worker from before the last rebalance said "done" for offset 5. The record was delivered anew after that, is in work right now, and is taken for finished.',
    )
    expect(said).toEqual([null, null, null, 6n])
  },
)

check(
  'revoked',
  'A member that lost a partition must not commit for it: its new owner may be further by now',
  { after: 'unfinished-first', about: 'revoke' },
  async ({ play }) => {
    const steps = [deliver(0n, 1n), done(0n), revoke, ask, done(1n), ask, deliver(2n), done(2n), ask]
    const [said] = await play.run([script(0n, ...steps)])
    mistake(
      'state-after-revoke',
      said?.[0] === 1n,
      'The partition is gone, and its tracker still has something to commit. The new owner has started already; a late commit of the old one moves the group back under its feet.',
    )
    mistake(
      'used-again',
      said?.[2] === 3n,
      'The partition is gone, and what comes after that counts again. A late record of the old assignment would be committed over the head of the new owner.',
    )
    expect(said).toEqual([null, null, null])
  },
)

check(
  'each-its-own',
  'Each partition has offsets of its own, and so each has a tracker of its own',
  { after: 'unfinished-first', about: 'deliver' },
  async ({ play }) => {
    const of = (partition: number, steps: Step[]) => steps.map((step): Step => ({ ...step, partition }))
    const steps = [
      ...of(0, deliver(0n, 1n)),
      ...of(1, deliver(0n, 1n)),
      ...of(0, [...done(0n), ...ask]),
      ...of(1, [...ask, ...done(1n, 0n), ...ask]),
      ...of(0, [...revoke, ...ask]),
      ...of(1, [...deliver(2n), ...done(2n), ...ask]),
    ]
    const [said] = await play.run([{ starts: [0n, 0n], steps }])
    mistake(
      'shared-between-trackers',
      said?.[1] !== null,
      'Record 0 of partition 0 was finished, and partition 1 has something to commit. Both have an offset 0; it is not the same record.',
    )
    expect(said, 'partitions 0, 1, 1, 0, 1').toEqual([1n, null, 2n, null, 3n])
  },
)

check(
  'large-offsets',
  'Offsets have 64 bits, and a JavaScript number counts exactly only up to 53 of them',
  { after: 'unfinished-first', about: 'done' },
  async ({ play }) => {
    const start = 2n ** 53n
    const [said] = await play.run([
      script(start, deliver(start, start + 1n, start + 2n), done(start + 1n), ask, done(start), ask),
    ])
    mistake(
      'number-arithmetic',
      said?.[0] !== null || said[1] !== start + 2n,
      'From 2^53 on two neighbours became one and the same number. A record is lost or repeated, and only in a partition that is old enough.',
    )
    expect(said).toEqual([null, start + 2n])
  },
)

check(
  'restart',
  'A reader that begins at the commit repeats every unfinished record, and nothing from before the first of them',
  { after: ['gaps', 'only-news', 'never-back', 'unknown-done', 'large-offsets'], about: 'committable' },
  async ({ play, random }) => {
    const trials = Array.from({ length: 200 }, () => {
      const start = BigInt(random.int(0, 1000))
      const log = Array.from({ length: 12 }, (_, at) => start + BigInt(at)).filter(() => random.int(1, 4) > 1)
      const finished = random.shuffle(log).slice(0, random.int(0, log.length))
      return { start, log, finished }
    })
    const before = await play.run(
      trials.map(({ start, log, finished }) =>
        script(start, deliver(...log), ...finished.map((offset) => [...done(offset), ...ask])),
      ),
    )
    const afterwards = trials.map(({ start, log, finished }, trial) => {
      const commits = (before[trial] ?? []).filter((offset) => offset !== null)
      const committed = commits.at(-1) ?? start
      const firstUnfinished = log.find((offset) => !finished.includes(offset))
      const wanted = firstUnfinished === undefined ? [] : log.slice(log.indexOf(firstUnfinished))
      expect(commits, `commits, with ${finished} finished of ${log}`).toEqual(commits.toSorted(rising))
      const repeated = log.filter((offset) => offset >= committed)
      expect(repeated, `repeated from ${committed} on, with ${finished} finished of ${log}`).toEqual(wanted)
      return { committed, repeated, end: (log.at(-1) ?? start - 1n) + 1n }
    })
    const ends = await play.run(
      afterwards.map(({ committed, repeated }) =>
        script(committed, deliver(...repeated), done(...repeated.toReversed()), ask),
      ),
    )
    const committedAtLast = afterwards.map(({ committed }, trial) => ends[trial]?.[0] ?? committed)
    // Where nothing was left to repeat, the first commit was the end already.
    expect(committedAtLast.map(String)).toEqual(
      afterwards.map(({ end, committed }) => String(max(end, committed))),
    )
  },
)

const rising = (a: bigint, b: bigint) => (a < b ? -1 : 1)
const max = (a: bigint, b: bigint) => (a > b ? a : b)
