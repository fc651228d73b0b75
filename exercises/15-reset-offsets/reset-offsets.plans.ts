// The first checks: what `planReset` plans. Nothing to edit here.

import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import { day, events, READING, rowsOf, stamped, targets } from './reset-offsets.records.ts'
import type * as scenes from './reset-offsets.scenes.ts'

export const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, {
  deadlineMs: 40_000,
})

check(
  'dry-run',
  'A plan says what would be set, and changes nothing on the broker',
  { about: 'planReset' },
  async ({ play, topic, group, wire }) => {
    await topic.append([...events(5, 0), ...events(3, 1), ...events(9, 2)])
    await play.prepare({ committed: { 0: '3', 2: '1' } })
    const until = wire.requests().length
    const [plan] = await play.plan([{ kind: 'latest' }])
    const sent = wire.requests().slice(until)
    const commit = sent.find(({ api }) => api === 'OffsetCommit')
    const after = await group.committed()
    mistake(
      'plan-resolves',
      after[0] === '3' && after[1] !== null,
      'Partition 1 had no commit, and has one since somebody asked for it. The group will skip everything before it.',
      commit,
    )
    mistake(
      'plan-executes',
      after[0] !== '3',
      'The plan was carried out before anybody could read it. A wrong topic or a wrong date is noticed now, when it is too late.',
      commit,
    )
    expect(after, 'committed').toEqual({ 0: '3', 1: null, 2: '1' })
    expect(
      sent.map(({ api }) => api).filter((api) => !READING.includes(api)),
      'requests that change something',
    ).toEqual([])

    const rows = rowsOf(plan)
    mistake(
      'joined-by-place',
      rows[0]?.committed === '1' || rows[0]?.to === '9',
      'The row of one partition holds what belongs to another one. The broker answers each question in an order of its own; a place in a list is no partition.',
    )
    mistake(
      'uncommitted-left-out',
      rows.length < 3,
      'A partition without a commit has no row. It stays where it is, and that is nowhere: where the group begins there depends on a setting of whoever starts first.',
    )
    expect(rows.map(({ committed }) => committed)).toEqual(['3', null, '1'])
    expect(plan).toMatchObject({ group: group.name, topic: topic.name })
  },
)

check(
  'ends-of-the-log',
  'The ends of a log are places: the first record that is still stored, and the next to be written',
  { after: 'dry-run', about: 'planReset' },
  async ({ play, topic }) => {
    await topic.append([...events(5, 0), ...events(3, 2)])
    await play.prepare({ logStart: { 0: '2' } })
    const [earliest, latest] = (await play.plan([{ kind: 'earliest' }, { kind: 'latest' }])).map(targets)
    mistake(
      'sentinel-as-offset',
      [earliest, latest].some((offsets) => `${offsets?.[0]}`.startsWith('-')),
      'The plan says -1 or -2. A broker that is asked for offsets understands that; as a commit it is a number that no record has, and nobody can review it.',
    )
    mistake(
      'earliest-is-zero',
      earliest?.[0] === '0',
      'Offsets 0 and 1 were deleted, and the group is sent there. What happens next is decided by a setting of the reader, and the default skips all of it.',
    )
    mistake(
      'latest-is-last-record',
      latest?.[0] === '4',
      'The group would read the last record once more. A commit names the next record, also when there is none yet.',
    )
    expect({ earliest, latest }).toEqual({ earliest: ['2', '0', '0'], latest: ['5', '0', '3'] })
  },
)

check(
  'moment',
  'A moment is another offset in each partition: that of the first record stamped then or later',
  { after: 'ends-of-the-log', about: 'planReset' },
  async ({ play, topic }) => {
    // Records lie in the order in which they were appended; their stamps need not.
    await topic.append([...stamped(0, [1, 2, 3, 4]), ...stamped(1, [1, 4, 2, 5]), ...stamped(2, [1, 1, 2])])
    const [plan] = await play.plan([{ kind: 'timestamp', timestamp: day(3) }])
    const offsets = targets(plan)
    mistake(
      'earliest-for-three-days',
      offsets[0] === '0',
      'Three days are to be read again, and everything would be: a year of orders goes through the handlers once more.',
    )
    mistake(
      'one-offset-for-all',
      new Set(offsets).size === 1,
      'The offset of one partition is used for all of them. Each partition counts by itself, so a record of that time has another offset in each.',
    )
    mistake(
      'quiet-partition-left-out',
      offsets.length === 2,
      'Nothing has come to partition 2 since then, so it has no row. If the group is behind there, it will handle records of before that moment after all.',
    )
    mistake(
      'quiet-partition-replayed',
      offsets[2] === '0',
      'No record of partition 2 is that late, and it is to be read from its start: "not found" was taken for "begin at 0".',
    )
    expect(offsets).toEqual(['2', '1', '3'])
  },
)

check(
  'shift',
  'A shift is counted from the commit, and never leads out of the log',
  { after: 'moment', about: 'planReset' },
  async ({ play, topic }) => {
    await topic.append([...events(8, 0), ...events(5, 1), ...events(6, 2)])
    await play.prepare({ logStart: { 0: '3' }, committed: { 0: '5', 1: '1', 2: '5' } })
    const plans = await play.plan([
      { kind: 'shift', by: -4 },
      { kind: 'shift', by: 3 },
    ])
    const [back = [], on = []] = plans.map(targets)
    mistake(
      'shifts-from-the-end',
      back[2] === '2',
      'The group stands at 5, is to go back by 4, and would stand at 2: that is four before the end of the log. Where the group stands is said by its commit.',
    )
    mistake(
      'not-clamped',
      Number(back[1]) < 0 || on[2] === '8',
      'The plan leads out of the log: to -3 in one that begins at 0, or to 8 in one that ends at 6. Kafka stores an 8 without a word; the reader meets OFFSET_OUT_OF_RANGE, and goes on where a setting of its own says.',
    )
    mistake(
      'clamps-at-zero',
      back[0] === '1',
      'The log of partition 0 begins at 3, and the plan stops only at 0. The records before 3 are gone.',
    )
    expect({ back, on }).toEqual({ back: ['3', '0', '1'], on: ['8', '4', '6'] })
  },
)

check(
  'nothing-to-shift',
  'Where a group has no commit there is nothing to count a shift from',
  { after: 'shift', about: 'planReset' },
  async ({ play, topic }) => {
    await topic.append([...events(5, 0), ...events(5, 1), ...events(5, 2)])
    await play.prepare({ committed: { 0: '4', 2: '4' } })
    const { returned } = await play.plan([{ kind: 'shift', by: -1 }]).outcome()
    mistake(
      'shifts-from-nothing',
      returned !== undefined,
      `The group has no commit in partition 1, and "one back from there" became ${targets(returned?.[0])[1] ?? 'a plan without it'}. Nobody can know what was meant.`,
    )
  },
)

check(
  'members',
  'While a group has members, its commits are theirs to move',
  { after: 'dry-run', about: 'planReset' },
  async ({ play, topic }) => {
    await topic.append(events(2, 0))
    const member = play.member()
    const joined = await member.paused('joined')
    const { returned } = await play.plan([{ kind: 'earliest' }]).outcome()
    joined.go()
    await member
    mistake(
      'plans-for-active-group',
      returned !== undefined,
      'A member is at work in this group, and a plan was made for it all the same. With its next commit the plan is out of date.',
    )
  },
)
