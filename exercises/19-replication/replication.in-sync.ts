// What is committed, and who is in sync. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import {
  after,
  check,
  fail,
  fetch,
  inOrder,
  last,
  logOf,
  partition,
  tick,
  write,
} from './replication.cluster.ts'
import type { Cluster } from './replication.ts'

check(
  'high-watermark',
  'A record is committed, and can be read, when every in-sync replica has it',
  { about: 'step' },
  async ({ answer }) => {
    const start = partition({ replicas: [1, 2, 3, 4, 5] })
    const states = await after(answer, start, write('ORD-2'), fetch(2), fetch(3), fetch(4), fetch(5))
    const marks = states.map(({ highWatermark }) => highWatermark)
    mistake(
      'written-is-visible',
      marks[0] === 2,
      'Only the leader has the record, and consumers get it. If the leader is lost now, they have handled an order that never was.',
    )
    mistake(
      'min-isr-commits',
      marks[1] === 2,
      'Two replicas have the record, two is the minimum, and it counts as committed. Broker 5 is in sync as well, may lead next, and does not have it.',
    )
    mistake(
      'majority-commits',
      marks[2] === 2,
      'Three of five have the record. The two others are in sync as well and may lead next, so it can still be lost.',
    )
    expect(marks, 'after the write, and after each fetch').toEqual([1, 1, 1, 1, 2])
    expect(states.map((state) => logOf(state, 1))).toEqual(Array(5).fill(['ORD-1', 'ORD-2']))
    expect(logOf(states[1] as Cluster, 2)).toEqual(['ORD-1', 'ORD-2'])
  },
)

check(
  'time-alone',
  'The leader is in sync with itself, and a follower that lacks nothing stays in sync, however quiet it is',
  { after: 'high-watermark', about: 'step' },
  async ({ answer }) => {
    const { isr } = await last(answer, partition(), tick(300))
    mistake(
      'leader-not-in-isr',
      !isr.includes(1),
      'The ISR does not have the leader in it. The leader cannot be behind itself, and when all followers are lost, the ISR is the leader alone.',
    )
    mistake(
      'silent-is-out',
      !isr.includes(2),
      'Nothing was written for five minutes, so all have everything. Time puts out who is behind, and nobody is.',
    )
    expect(inOrder(isr), 'after five minutes in which nothing was written').toEqual([1, 2, 3])
  },
)

check(
  'lag-time',
  'A follower leaves the ISR when it has not had everything for replica.lag.time.max.ms',
  { after: 'time-alone', about: 'step' },
  async ({ answer }) => {
    const events = [write('ORD-2'), fetch(2), tick(30), tick(1)]
    const [, , inTime, late] = (await after(answer, partition(), ...events)) as [
      Cluster,
      Cluster,
      Cluster,
      Cluster,
    ]
    mistake(
      'behind-is-out',
      !inTime.isr.includes(3),
      'Broker 3 lacks one record since a moment, and is out. Followers lack something all the time while records come in; only a follower that does not make up for it in time is out of sync.',
    )
    mistake(
      'never-leaves',
      late.isr.includes(3),
      'Broker 3 has stood still for 31 seconds and counts as in sync. Every producer with acks=all waits for it, and it may become the leader.',
    )
    expect(inOrder(inTime.isr), 'after 30 seconds').toEqual([1, 2, 3])
    expect(inTime, 'after 30 seconds').toMatchObject({ highWatermark: 1, underReplicated: false })
    expect(inOrder(late.isr), 'after 31 seconds').toEqual([1, 2])
    expect(late, 'nobody waits for broker 3 any more').toMatchObject({
      highWatermark: 2,
      underReplicated: true,
    })
  },
)

check(
  'follower-lost',
  'A lost broker is missed by every partition that it keeps a copy of, and not only by those it leads',
  { after: 'high-watermark', about: 'step' },
  async ({ answer }) => {
    const orders = [
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ].map((replicas) => partition({ replicas }))
    const states = await answer.step.each(orders.map((order) => [order, fail(2)]))
    mistake(
      'no-impact',
      states[0]?.isr.includes(2) === true,
      'Partition 0 is led by broker 1, and still counts broker 2 as in sync, which is gone. No record of it can be committed any more: the leader waits for a copy that nobody makes.',
    )
    expect(
      states.map(({ leader }) => leader),
      'leaders of the three partitions',
    ).toEqual([1, 3, 3])
    expect(states.map(({ isr }) => inOrder(isr))).toEqual(Array(3).fill([1, 3]))
    const count = states.filter(({ underReplicated }) => underReplicated).length
    expect(count, 'under-replicated partitions').toBe(3)
    const unblocked = await last(answer, partition(), write('ORD-2'), fetch(2), fail(3))
    expect(unblocked.highWatermark, 'when the only one that was waited for is lost').toBe(2)
  },
)
