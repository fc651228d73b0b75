import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check } from './assign-partitions.assignors.ts'
import {
  assignment,
  gained,
  goldenMoves,
  goldenRounds,
  named,
  roundsAsText,
  rowsOf,
  text,
  topics,
} from './assign-partitions.golden.ts'
import type { Assignment, GroupEvent } from './assign-partitions.ts'

const lineOf = (change: { at: number; group: string; assignment: Assignment }) =>
  `${change?.at} ${change?.group}: ${text(change?.assignment)}`

check(
  'every-change',
  'Whoever joins or leaves makes its group assign everything anew',
  { after: ['range-gives-runs', 'round-robin-deals'], about: 'simulate' },
  async ({ answer }) => {
    const events: GroupEvent[] = [
      { at: 0, type: 'join', group: 'inventory', member: 'A' },
      { at: 1_000, type: 'join', group: 'inventory', member: 'C' },
      { at: 7_000, type: 'join', group: 'inventory', member: 'B' },
      { at: 9_000, type: 'leave', group: 'inventory', member: 'A' },
    ]
    const [byRange = [], byRoundRobin = []] = await answer.simulate.each([
      [events, topics('orders:4'), 45_000, 'range'],
      [events, topics('orders:4'), 45_000, 'roundrobin'],
    ])
    expect(byRange.map(lineOf)).toEqual([
      '0 inventory: A orders-0 orders-1 orders-2 orders-3',
      '1000 inventory: A orders-0 orders-1; C orders-2 orders-3',
      '7000 inventory: A orders-0 orders-1; B orders-2; C orders-3',
      '9000 inventory: B orders-0 orders-1; C orders-2 orders-3',
    ])
    expect(byRoundRobin.map(lineOf)).toEqual([
      '0 inventory: A orders-0 orders-1 orders-2 orders-3',
      '1000 inventory: A orders-0 orders-2; C orders-1 orders-3',
      '7000 inventory: A orders-0 orders-3; B orders-1; C orders-2',
      '9000 inventory: B orders-0 orders-2; C orders-1 orders-3',
    ])
  },
)

check(
  'groups-apart',
  'Groups know nothing of each other: each has every partition of its own',
  { after: 'every-change', about: 'simulate' },
  async ({ answer }) => {
    const events: GroupEvent[] = [
      { at: 10, type: 'join', group: 'inventory', member: 'A' },
      { at: 20, type: 'join', group: 'payment', member: 'P' },
      { at: 30, type: 'join', group: 'inventory', member: 'B' },
      { at: 40, type: 'leave', group: 'payment', member: 'P' },
    ]
    const changes = (await answer.simulate(events, topics('orders:2'), 45_000, 'range')).map(lineOf)
    mistake(
      'one-group-for-all',
      changes[1] === '20 payment: A orders-0; P orders-1',
      'Members of two groups were given shares of the same whole: the payment service never hears of half the orders.',
    )
    expect(changes).toEqual([
      '10 inventory: A orders-0 orders-1',
      '20 payment: P orders-0 orders-1',
      '30 inventory: A orders-0; B orders-1',
      '40 payment: ',
    ])
  },
)

check(
  'silence-is-noticed-late',
  'Who fails says nothing: its partitions wait for as long as a session lasts',
  { after: 'groups-apart', about: 'simulate' },
  async ({ answer, random }) => {
    const session = random.int(6, 45) * 1_000
    const failed = random.int(1_000, 2_000)
    const events: GroupEvent[] = [
      { at: 0, type: 'join', group: 'inventory', member: 'A' },
      { at: 500, type: 'join', group: 'inventory', member: 'B' },
      { at: failed, type: 'fail', group: 'inventory', member: 'A' },
      { at: failed + 100, type: 'join', group: 'payment', member: 'P' },
    ]
    const changes = (await answer.simulate(events, topics('orders:2'), session, 'range')).map(lineOf)
    const late = `${failed + session} inventory: B orders-0 orders-1`
    mistake(
      'noticed-at-once',
      changes.includes(`${failed} inventory: B orders-0 orders-1`),
      'A crash was noticed when it happened. Nobody tells the coordinator: it misses heartbeats, and does not take the first one for a crash.',
    )
    mistake(
      'never-missed',
      changes.length < 4,
      'A failed member kept its partitions for ever: their records would wait until somebody looks.',
    )
    mistake(
      'order-of-events',
      changes[2] === late,
      'What happened first is listed first, and not what was noticed first: another group changed while the coordinator still waited for this member.',
    )
    expect(changes.slice(2)).toEqual([`${failed + 100} payment: P orders-0 orders-1`, late])
  },
)

check(
  'eager-stops-all',
  'An eager rebalance takes all partitions from all members, also those that they get back',
  { about: 'eager' },
  async ({ answer }) => {
    const before = assignment('A orders-0 orders-1; B orders-2 orders-3')
    const after = assignment('A orders-0; B orders-2 orders-3; C orders-1')
    const rounds = roundsAsText(await answer.eager(before, after), after)
    mistake(
      'eager-keeps-some',
      rounds[0]?.revoked === 'A orders-1',
      'Only what moves was given up. An eager member gives up everything before it joins, because it does not know yet what it will get.',
    )
    expect(rounds).toEqual([{ revoked: text(before), owned: text(after) }])
  },
)

/** C joins A and B, and takes one partition from each. */
const beforeC = assignment('A orders-0 orders-2 orders-4; B orders-1 orders-3 orders-5')
const afterC = assignment('A orders-0 orders-2; B orders-1 orders-3; C orders-4 orders-5')

check(
  'never-two-owners',
  'At the end of no round a partition has two owners',
  { about: 'cooperative' },
  async ({ answer }) => {
    const rounds = roundsAsText(await answer.cooperative(beforeC, afterC), afterC)
    const twice = rounds.some(({ owned }) => {
      const partitions = owned.match(/orders-\d+/g) ?? []
      return new Set(partitions).size < partitions.length
    })
    mistake(
      'overlapping-owners',
      twice,
      'The new owner began before the old one had stopped: for the length of a round, both handle the same records.',
    )
    expect(rounds.at(-1)?.owned).toBe(text(afterC))
  },
)

check(
  'two-rounds',
  'What moves is given up in one round and handed out in the next: a member hears only at the end of a round',
  { after: 'never-two-owners', about: 'cooperative' },
  async ({ answer }) => {
    const rounds = roundsAsText(await answer.cooperative(beforeC, afterC), afterC)
    mistake(
      'handed-over-at-once',
      rounds.some(({ revoked, owned }) => /orders-4/.test(revoked) && /C .*orders-4/.test(owned)),
      'A partition was given up and handed out in the same round. But its owner learns at the end of that round that it has to stop.',
    )
    expect(rounds.length, 'rounds').toBe(2)
    expect(rounds[1]).toEqual({ revoked: '', owned: text(afterC) })
  },
)

check(
  'most-keep-working',
  'A cooperative rebalance leaves alone what stays: those members go on reading all the time',
  { after: 'two-rounds', about: 'cooperative' },
  async ({ answer }) => {
    const rounds = roundsAsText(await answer.cooperative(beforeC, afterC), afterC)
    mistake(
      'revoke-all',
      /orders-0/.test(rounds[0]?.revoked ?? ''),
      'A partition was taken from its owner to be given back to it: nobody reads meanwhile. Two rounds do not make a rebalance cooperative.',
    )
    expect(rounds[0]).toEqual({
      revoked: 'A orders-4; B orders-5',
      owned: 'A orders-0 orders-2; B orders-1 orders-3',
    })
  },
)

check(
  'free-at-once',
  'What nobody owns any more is handed out in the first round',
  { after: 'most-keep-working', about: 'cooperative' },
  async ({ answer }) => {
    const before = assignment('A orders-0 orders-1; B orders-2 orders-3')
    const after = assignment('B orders-2 orders-3 orders-0; C orders-1')
    const rounds = roundsAsText(await answer.cooperative(before, after), after)
    mistake(
      'free-partitions-wait',
      rounds.length > 1,
      'The partitions of a member that has gone waited for a second round, although there was nobody left to stop.',
    )
    expect(rounds).toEqual([{ revoked: '', owned: text(after) }])
  },
)

check(
  'rounds-as-in-java',
  "Kafka's own cooperative members take the same rounds",
  { after: ['eager-stops-all', 'free-at-once'], about: 'cooperative' },
  async ({ answer, random }) => {
    const shop = `shop${random.int(100, 999)}.`
    for (const [start = '', ...owned] of rowsOf(goldenRounds)) {
      const before = assignment(start, shop)
      const after = assignment(owned.at(-1) ?? '', shop)
      let last = before
      const expected = owned.map((words) => {
        const round = { revoked: gained(assignment(words, shop), last), owned: assignment(words, shop) }
        last = round.owned
        return round
      })
      const rounds = await answer.cooperative(before, after)
      expect(roundsAsText(rounds, after), `from ${start}`).toEqual(roundsAsText(expected, after))
    }
  },
)

check(
  'sticky-is-even',
  'A sticky assignment is as even as any other: nobody has two partitions more than another member',
  { stretch: true, about: 'sticky' },
  async ({ answer }) => {
    for (const [ids = '', sizes = '', before = ''] of rowsOf(goldenMoves)) {
      const names = Object.keys(topics(sizes))
      const group = ids.split(' ').map((id) => ({ id, topics: names }))
      const given = await answer.sticky(group, topics(sizes), assignment(before))
      const counts = ids.split(' ').map((id) => named(given?.[id]).length)
      mistake(
        'newcomer-stays-idle',
        counts.at(-1) === 0 && ids === 'A B C D' && sizes === 'o:12',
        'Everybody kept everything: a member that came to help has nothing to do.',
      )
      const everything = names.flatMap((name) =>
        Array.from({ length: topics(sizes)[name] ?? 0 }, (_, at) => `${name}-${at}`),
      )
      expect(
        Object.values(given ?? {})
          .flatMap(named)
          .sort(),
        `${ids} on ${sizes}`,
      ).toEqual(everything.sort())
      expect(
        Math.max(...counts) - Math.min(...counts),
        `${ids} on ${sizes}, from ${before}`,
      ).toBeLessThanOrEqual(1)
    }
  },
)

check(
  'sticky-moves-least',
  'A fourth member on 12 partitions makes 9 of them move by round-robin, 6 by range, and 3 when they stick',
  {
    stretch: true,
    after: ['sticky-is-even', 'range-as-in-java', 'round-robin-as-in-clients'],
    about: 'sticky',
  },
  async ({ answer }) => {
    for (const [ids = '', sizes = '', before = '', fewest] of rowsOf(goldenMoves)) {
      const group = ids.split(' ').map((id) => ({ id, topics: Object.keys(topics(sizes)) }))
      const given = await answer.sticky(group, topics(sizes), assignment(before))
      const moved = Object.values(gained(assignment(before), given)).flat().length
      mistake(
        'sticky-forgets',
        moved > Number(fewest) + 1,
        'What the members had before made no difference: partitions move that could have stayed, and each of them waits meanwhile.',
      )
      expect(moved, `partitions that move to ${ids}, from ${before}`).toBe(Number(fewest))
    }
  },
)
