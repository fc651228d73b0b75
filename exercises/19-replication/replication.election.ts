// The first checks: who acknowledges, and who may lead. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { answerOf, check, leaderless, partition, waitsFor } from './replication.cluster.ts'

check(
  'all-is-the-isr',
  'acks=all waits for every replica that is in sync now, no more and no fewer',
  { about: 'canAck' },
  async ({ answer }) => {
    const five = { replicas: [1, 2, 3, 4, 5] }
    const [all, three] = await answer.canAck.each([
      [partition(five), 'all'],
      [partition({ ...five, isr: [1, 3, 4] }), 'all'],
    ])
    const ids = waitsFor(all)
    mistake(
      'min-isr-is-a-count',
      ids.length === 2,
      'Five replicas are in sync, and the producer gets its answer when two have the record. min.insync.replicas says when writing is allowed at all. It never lets the leader answer earlier.',
    )
    mistake(
      'majority-acks',
      ids.length === 3,
      'Three of five are a majority, and in Kafka that has no meaning for records. Any of the five may lead next, also one of the two that were not asked.',
    )
    mistake(
      'leader-left-out',
      ids.length === 4 && !ids.includes(1),
      'Broker 1 leads the partition and is missing. The leader is one of the in-sync replicas: with no follower left, the ISR is the leader alone, and not empty.',
    )
    mistake(
      'all-replicas',
      waitsFor(three).length === 5,
      'Two replicas have fallen behind, perhaps for hours, and every producer waits for them. "All" means all that are in sync.',
    )
    expect(ids, 'five in sync').toEqual([1, 2, 3, 4, 5])
    expect(waitsFor(three), 'three of five in sync').toEqual([1, 3, 4])
  },
)

check(
  'one-and-none',
  'acks=1 waits for the leader alone, and acks=0 for nobody',
  { after: 'all-is-the-isr', about: 'canAck' },
  async ({ answer }) => {
    const led = () => partition({ replicas: [2, 1, 3] })
    const results = await answer.canAck.each([
      [led(), 1],
      [led(), 0],
    ])
    expect(results.map(answerOf), 'acks=1, acks=0').toEqual([[2], []])
  },
)

check(
  'floor',
  'With fewer in-sync replicas than min.insync.replicas, acks=all is refused, and nothing else is',
  { after: 'one-and-none', about: 'canAck' },
  async ({ answer }) => {
    const alone = () => partition({ isr: [1] })
    const results = await answer.canAck.each([
      [alone(), 'all'],
      [alone(), 1],
      [alone(), 0],
      [partition({ isr: [1, 3] }), 'all'],
    ])
    const [all, one, none, two] = results.map(answerOf)
    mistake(
      'floor-ignored',
      Array.isArray(all),
      'Only the leader is in sync, and the record is acknowledged as soon as this one broker has it. Two were asked for, so that a disk can fail and take nothing with it.',
    )
    mistake(
      'floor-for-everybody',
      one === 'NOT_ENOUGH_REPLICAS',
      'A producer with acks=1 was refused. It did not ask for safety, and gets an answer as always; the minimum is looked at for acks=all only.',
    )
    expect({ all, one, none }, 'one of three in sync').toEqual({
      all: 'NOT_ENOUGH_REPLICAS',
      one: [1],
      none: [],
    })
    expect(two, 'two of three in sync').toEqual([1, 3])
  },
)

check(
  'floor-is-capped',
  'A topic with one replica cannot have two in sync, so a minimum of two asks one of it',
  { after: 'floor', about: 'canAck' },
  async ({ answer }) => {
    const result = await answer.canAck(partition({ replicas: [1] }), 'all')
    mistake(
      'floor-above-replicas',
      answerOf(result) === 'NOT_ENOUGH_REPLICAS',
      'All replicas that this topic has are in sync, and the write is refused. Kafka takes the smaller one of min.insync.replicas and the number of replicas.',
    )
    expect(answerOf(result)).toEqual([1])
    const nobody = () => leaderless([1, 2, 3], [])[0]
    const refused = await answer.canAck.each([
      [nobody(), 'all'],
      [nobody(), 1],
      [nobody(), 0],
    ])
    expect(refused.map(answerOf), 'without a leader').toEqual(Array(3).fill('LEADER_NOT_AVAILABLE'))
  },
)

check(
  'first-in-line',
  'The next leader is the first in the order of the replicas that is in sync',
  { about: 'elect' },
  async ({ answer }) => {
    const longer = { alive: true, log: ['ORD-1', 'ORD-2'], caughtUpAt: 0 }
    const [ordered] = leaderless([2, 3, 1], [3, 1], { isr: [1, 3] })
    const [lengths] = leaderless([1, 2, 3], [2, 3], { isr: [2, 3] })
    const leaders = await answer.elect.each([
      [ordered],
      [{ ...lengths, brokers: { ...lengths.brokers, 3: longer } }],
    ])
    mistake(
      'lowest-id',
      leaders[0] === 1,
      'Broker 1 is the last in line here. If the lowest id always won, broker 1 would end up leading every partition.',
    )
    mistake(
      'longest-log',
      leaders[1] === 3,
      'Broker 3 was preferred because it has one record more. The controller does not compare logs: all in-sync replicas have what is committed, and more was never promised.',
    )
    expect(leaders).toEqual([3, 2])
  },
)

check(
  'only-complete',
  'A broker that is alive and behind does not lead: rather no leader than a hole in the log',
  { after: 'first-in-line', about: 'elect' },
  async ({ answer }) => {
    const leader = await answer.elect(...leaderless([1, 2, 3], [2, 3]))
    mistake(
      'anybody-alive',
      leader === 2,
      'Broker 2 is alive and has not followed for a while. As a leader it would make the others forget what they have and it has not, acknowledged orders among them.',
    )
    expect(leader).toBe(null)
  },
)

check(
  'one-is-enough',
  'One in-sync replica of five is enough to lead: replicas do not vote',
  { after: 'first-in-line', about: 'elect' },
  async ({ answer }) => {
    const leaders = await answer.elect.each([
      leaderless([1, 2, 3, 4, 5], [4], { isr: [4] }),
      leaderless([1, 2, 3, 4, 5], [3, 5], { isr: [5, 3] }),
    ])
    mistake(
      'majority-needed',
      leaders[0] === null,
      'Broker 4 has everything that was committed, and may not lead because the other four are gone. Majorities belong to the controllers; five replicas survive the loss of four.',
    )
    expect(leaders).toEqual([4, 3])
  },
)

check(
  'eligible',
  'When nobody is in sync any more, an eligible leader replica may lead as soon as it is alive',
  { after: 'only-complete', about: 'elect' },
  async ({ answer }) => {
    const [leader, nobody] = await answer.elect.each([
      leaderless([1, 2, 3], [1, 3], { elr: [2, 3] }),
      leaderless([1, 2, 3], [1], { elr: [2, 3] }),
    ])
    mistake(
      'elr-forgotten',
      leader === null,
      'Broker 3 is alive and has every committed record: it left the ISR when nothing could be committed any more. The partition could work again, and stays without a leader.',
    )
    mistake(
      'dead-leader',
      leader === 2,
      'Broker 2 is eligible and is not there. Clients would be sent to a broker that does not answer.',
    )
    expect([leader, nobody]).toEqual([3, null])
  },
)

check(
  'unclean',
  'An unclean election is the last resort: only when it is switched on, and nobody who is complete is there',
  { after: 'eligible', about: 'elect' },
  async ({ answer }) => {
    const on = { uncleanLeaderElection: true }
    const [complete, behind, dead] = await answer.elect.each([
      leaderless([1, 2, 3], [2, 3], { ...on, elr: [1, 3] }),
      leaderless([1, 2, 3], [2, 3], { ...on, elr: [1] }),
      leaderless([1, 2, 3], [], { ...on, elr: [1] }),
    ])
    mistake(
      'unclean-first',
      complete === 2,
      'Broker 3 is complete and alive, and broker 2 was taken, which is behind. The setting allows a loss where there is no other way; here there was one.',
    )
    expect([complete, behind, dead]).toEqual([3, 2, null])
  },
)
