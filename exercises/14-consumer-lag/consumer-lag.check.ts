import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import { byPartition, events, writeCompactedPrices } from './consumer-lag.records.ts'
import { faraway, over, sample, windows } from './consumer-lag.samples.ts'
import type * as scenes from './consumer-lag.scenes.ts'
import type * as yours from './consumer-lag.ts'

const check = checksFor<{ scenes: typeof scenes; answer: typeof yours }>(import.meta.url, {
  deadlineMs: 20_000,
})

check(
  'distance',
  'Lag is the distance from the committed offset to the end of the log, in each partition by itself',
  { about: 'computeLag' },
  async ({ play, topic }) => {
    await topic.append([...events(7, 0), ...events(2, 1), ...events(5, 2)])
    const rows = byPartition(await play.measure({ committed: { 0: '4', 1: '2', 2: '1' } }))
    mistake(
      'joined-by-place',
      rows[0]?.committed === '4' && rows[0].end !== '7',
      'The commit of one partition stands beside the end of another. The broker answers the two questions in orders of its own; a place in a list is no partition.',
    )
    mistake(
      'lag-is-message-count',
      rows[0]?.lag === '7' && rows[1]?.lag === '2',
      'Seven records are stored, and seven is called the lag, although the group has done four of them. Records stay when they have been read: this number never goes down.',
    )
    mistake(
      'commit-is-last-handled',
      rows[0]?.lag === '2',
      'The group has committed 4 and the log ends at 7: offsets 4, 5 and 6 are still to be read, and one of them is missing. A commit does not name the last record that was handled.',
    )
    expect(rows).toMatchObject([
      { partition: 0, committed: '4', end: '7', lag: '3' },
      { partition: 1, committed: '2', end: '2', lag: '0' },
      { partition: 2, committed: '1', end: '5', lag: '4' },
    ])
  },
)

check(
  'no-commit',
  'Where a group has no commit there is nothing to subtract: all that is stored is still to be read',
  { after: 'distance', about: 'computeLag' },
  async ({ play, topic, group }) => {
    await topic.append(events(5, 0))
    const rows = byPartition(await play.measure({ logStart: { 0: '2' } }))
    mistake(
      'measuring-commits',
      Object.values(await group.committed()).some((offset) => offset !== null),
      'The group had no commit, and has one since its lag was measured: it will skip everything before that. Looking at a group must not move it.',
    )
    mistake(
      'uncommitted-left-out',
      rows.length < 3,
      'Partitions without a commit have no row at all. A partition that nobody reads is the one that somebody should hear of.',
    )
    const [first] = rows
    mistake(
      'minus-one-as-offset',
      first?.lag === '6',
      'Five records were ever written here, and the lag is 6. Kafka says -1 where a group has no commit; that is no offset.',
    )
    mistake(
      'no-commit-no-lag',
      first?.lag === '0',
      'Three records are stored, the group has read none of them, and its lag is called 0.',
    )
    mistake(
      'log-begins-at-zero',
      first?.lag === '5',
      'Two of the five records were deleted before the group came. What is not stored cannot be waiting for it.',
    )
    expect(rows).toMatchObject([
      { partition: 0, committed: null, end: '5', lag: '3' },
      { partition: 1, committed: null, end: '0', lag: '0' },
      { partition: 2, committed: null, end: '0', lag: '0' },
    ])
  },
)

check(
  'end-is-no-count',
  'The end of a log is a place and no count: it stays where it is when old records are deleted',
  { after: 'no-commit', about: 'computeLag' },
  async ({ play, topic }) => {
    await topic.append(events(8, 0))
    const [first] = byPartition(await play.measure({ logStart: { 0: '3' }, committed: { 0: '5' } }))
    mistake(
      'count-minus-offset',
      first?.lag === '0',
      'Five records are stored, the group has committed 5, and that is taken for "all done". Five is how many there are; the other five is a place, with three records behind it.',
    )
    expect(first).toMatchObject({ partition: 0, committed: '5', end: '8', lag: '3' })
  },
)

check(
  'markers-count',
  'Offsets are not records: after transactions, a group that was given everything may still have lag',
  { after: 'distance', about: 'computeLag' },
  async ({ play, topic }) => {
    const { read, rows } = await play.measureTransactions()
    expect(read, 'what the group was given').toEqual(['commit', 'commit'])
    expect(await topic.endOffsets()).toMatchObject({ 0: '6' })
    // A marker, two aborted records, a marker.
    expect(byPartition(rows)[0]).toMatchObject({ committed: '2', end: '6', lag: '4' })
  },
)

check(
  'compaction-leaves-gaps',
  'Compaction takes records out of a log and moves no offset: a lag of nine may be three records',
  { after: 'distance', about: 'computeLag' },
  async ({ play, topic, topicNamed }) => {
    const prices = topicNamed(`${topic.name}-prices`)
    await writeCompactedPrices(prices)
    const { before, read, after } = await play.measureNewGroup({ topic: prices.name, records: 3 })
    expect(read, 'what the group was given').toEqual(['last of A', 'last of B', 'last of C'])
    expect(before).toMatchObject([{ partition: 0, committed: null, end: '9', lag: '9' }])
    expect(after).toMatchObject([{ partition: 0, committed: '9', end: '9', lag: '0' }])
  },
)

check(
  'work-in-hand',
  'What a member has fetched is lag until it is committed, however far it has read',
  { after: 'distance', about: 'computeLag' },
  async ({ play, topic, group }) => {
    await topic.append(events(5, 0))
    const [first] = byPartition(await play.measureAtWork())
    expect(first).toMatchObject({ partition: 0, committed: '2', end: '5', lag: '3' })
    expect(await group.committed()).toMatchObject({ 0: '2' })
  },
)

check(
  'total',
  'The total is a sum of offsets of 64 bits, and says nothing about a single partition',
  { about: 'diagnose' },
  async ({ answer }) => {
    const samples = [sample([100, 3, 0]), sample([90, 5, 2])]
    const { total } = await answer.diagnose(samples, 3, 2)
    mistake(
      'adds-text',
      /^0?9052$/.test(String(total)),
      'The lags were put side by side and not added: kafkajs gives offsets as text, and plus joins text.',
    )
    mistake(
      'first-sample-counts',
      total === '103',
      'The total is that of the first sample. What was so then is over; the lag of today is in the last one.',
    )
    expect(total).toBe('97')
  },
)

check(
  'where-it-goes',
  'A single number is neither good nor bad: what matters is where the lag goes',
  { after: 'total', about: 'diagnose' },
  async ({ answer }) => {
    const trend = async (...lags: number[]) => (await answer.diagnose(over(lags), 3, 1)).trend
    const bumpy = await trend(100, 180, 260, 250)
    mistake(
      'last-two-samples',
      bumpy === 'shrinking' || bumpy === 'stable',
      'From 100 to 250, and not called growing, because the last step went down a little. Members commit in steps, so any two neighbours may say anything.',
    )
    const wobbling = await trend(500, 530, 470, 508)
    mistake(
      'every-difference-counts',
      wobbling === 'growing',
      'From 500 to 508, and called growing. A group that keeps up looks like this, too; alarms of that kind are switched off after a week.',
    )
    expect({ bumpy, wobbling }).toEqual({ bumpy: 'growing', wobbling: 'stable' })
    expect(await trend(400, 420, 300, 90), '400 to 90').toBe('shrinking')
    expect(await trend(40, 20, 0), '40 to 0').toBe('none')
    expect(await trend(0, 0, 7), '0 to 7').toBe('growing')
    expect(await trend(0, 90, 0), '0 to 0').toBe('none')
  },
)

check(
  'stable-is-behind',
  'Lag that stays the same is no good sign: the group is as fast as the producers, and always late',
  { after: 'where-it-goes', about: 'diagnose' },
  async ({ answer }) => {
    const stable = await answer.diagnose(over([500, 505, 498]), 3, 1)
    mistake(
      'stable-is-healthy',
      stable.advice === 'leave-alone',
      'Five hundred orders are late, an hour ago and now, and nothing is to be done. Nothing here will ever make them fewer.',
    )
    expect(stable).toMatchObject({ trend: 'stable', advice: 'add-members', addUpTo: 2 })
    const growing = await answer.diagnose(over([100, 300, 500]), 3, 2)
    expect(growing).toMatchObject({ trend: 'growing', advice: 'add-members', addUpTo: 1 })
    const shrinking = await answer.diagnose(over([500, 300, 100]), 3, 1)
    expect(shrinking).toMatchObject({ advice: 'leave-alone', addUpTo: 0 })
    const done = await answer.diagnose(over([50, 0]), 3, 0)
    expect(done).toMatchObject({ total: '0', advice: 'leave-alone', addUpTo: 0 })
  },
)

check(
  'idle-members',
  'A partition has one reader in its group, so members beyond the number of partitions are idle',
  { after: 'stable-is-behind', about: 'diagnose' },
  async ({ answer }) => {
    const [atMost, beyond, nobody] = await answer.diagnose.each([
      [over([100, 300, 500]), 3, 3],
      [over([500, 505, 498]), 3, 5],
      [over([100, 300, 500]), 3, 0],
    ])
    mistake(
      'more-members-than-partitions',
      atMost?.advice === 'add-members' || (atMost?.addUpTo ?? 0) > 0,
      'Three members read three partitions, and a fourth is to help them. It would get nothing to read; the lag goes on growing, and one more process is paid for.',
    )
    mistake(
      'minus-two-members',
      (beyond?.addUpTo ?? 0) < 0,
      'Five members have three partitions, and a negative number of members is to be added. An autoscaler would take away what stands by for the next crash.',
    )
    expect(atMost).toMatchObject({ advice: 'speed-up', addUpTo: 0 })
    expect(beyond).toMatchObject({ advice: 'speed-up', addUpTo: 0 })
    expect(nobody, 'a group without members').toMatchObject({ advice: 'start-members', addUpTo: 3 })
  },
)

check(
  'stuck-behind-the-total',
  'One partition that stands still hides behind a small total, and no new member can free it',
  { after: 'idle-members', about: 'diagnose' },
  async ({ answer }) => {
    const stuckAt2 = [sample([300, 0, 12]), sample([150, 0, 12], [40, 0, 0]), sample([20, 0, 12], [80, 0, 0])]
    const hidden = await answer.diagnose(stuckAt2, 3, 2)
    mistake(
      'total-only',
      `${hidden.stuck}` === '' && hidden.advice === 'leave-alone',
      'The total went from 312 to 32, so all seems well. The commit of partition 2 has not moved: its twelve orders wait for ever, and their customers, too.',
    )
    mistake(
      'quiet-is-stuck',
      hidden.stuck.includes(1),
      'Partition 1 is called stuck. Its commit does not move because there is nothing to read.',
    )
    mistake(
      'add-members-to-unblock',
      hidden.advice === 'add-members' || hidden.addUpTo > 0,
      'A member is to be added because partition 2 stands still. Two members cannot read one partition, and the new one may inherit the record on which the old one hangs.',
    )
    expect(hidden).toMatchObject({
      total: '32',
      trend: 'shrinking',
      stuck: [2],
      advice: 'unblock',
      addUpTo: 0,
    })
    const neverCommitted = [sample([5, 0, 8], null), sample([5, 0, 9], null)]
    expect(await answer.diagnose(neverCommitted, 3, 1), 'no commit at all').toMatchObject({ stuck: [0, 2] })
    expect(await answer.diagnose(neverCommitted, 3, 0), 'no member').toMatchObject({
      advice: 'start-members',
    })
  },
)

check(
  'just-arrived',
  'A record that has just come is no proof: stuck is what had work each time and did not move',
  { after: 'stuck-behind-the-total', about: 'diagnose' },
  async ({ answer }) => {
    const moved: [number, number, number] = [40, 0, 0]
    const [arrived, between] = await answer.diagnose.each([
      [[sample([90, 0, 0]), sample([80, 0, 0], moved), sample([70, 1, 0], moved)], 3, 2],
      [[sample([90, 4, 0]), sample([80, 0, 0], moved), sample([70, 4, 0], moved)], 3, 2],
    ])
    mistake(
      'one-look-is-enough',
      arrived?.stuck.includes(1) === true,
      'Partition 1 had nothing to read until one record came a moment ago, and is called stuck for it. Somebody is woken up at night for a member that had no time yet.',
    )
    expect(arrived).toMatchObject({ stuck: [], advice: 'leave-alone' })
    expect(between?.stuck, 'work in the first and the last sample, none in between').toEqual([])
  },
)

check(
  'large-offsets',
  'Only distances count: a group far out in a very long log is in the same state as one near its start',
  { after: 'just-arrived', about: 'diagnose' },
  async ({ answer, random }) => {
    const many = windows(100, random.int)
    const near = await answer.diagnose.each(many.map((samples) => [samples, 3, 2]))
    const far = await answer.diagnose.each(many.map((samples) => [samples.map(faraway), 3, 2]))
    mistake(
      'number-arithmetic',
      many.some((_, at) => `${near[at]?.stuck}` !== `${far[at]?.stuck}`),
      'Two commits above 2^53 that differ by one became one and the same number, and a partition that moves was called stuck.',
    )
    expect(far).toEqual(near)
    const huge = [sample([2n ** 53n, 0, 0]), sample([2n ** 53n, 1, 0])]
    expect(await answer.diagnose(huge, 3, 2)).toMatchObject({
      total: String(2n ** 53n + 1n),
      trend: 'stable',
    })
  },
)
