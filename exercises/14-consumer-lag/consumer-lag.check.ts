import './consumer-lag.measuring.ts'
import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check } from './consumer-lag.records.ts'
import { faraway, over, sample, windows } from './consumer-lag.samples.ts'

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
