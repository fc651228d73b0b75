import './replication.election.ts'
import './replication.in-sync.ts'
import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import {
  after,
  check,
  comeBack,
  expectSound,
  fail,
  fetch,
  inOrder,
  last,
  logOf,
  partition,
  tick,
  write,
} from './replication.cluster.ts'
import type { Acks, Cluster, ReplEvent } from './replication.ts'

check(
  'back-in-sync',
  'A broker that is back joins the ISR when it has fetched what it missed, and not before',
  { after: ['lag-time', 'follower-lost'], about: 'step' },
  async ({ answer }) => {
    const events = [fail(3), write('ORD-2'), fetch(2), comeBack(3), fetch(3)]
    const [, , , back, fetched] = (await after(answer, partition(), ...events)) as [
      Cluster,
      Cluster,
      Cluster,
      Cluster,
      Cluster,
    ]
    mistake(
      'back-at-once',
      back.isr.includes(3),
      'Broker 3 has just been started and lacks an acknowledged record. In the ISR it may become the leader, and the record would be gone.',
    )
    expect({ isr: inOrder(back.isr), log: logOf(back, 3) }, 'started').toEqual({
      isr: [1, 2],
      log: ['ORD-1'],
    })
    expect(inOrder(fetched.isr), 'after its fetch').toEqual([1, 2, 3])
    expect(fetched).toMatchObject({ highWatermark: 2, underReplicated: false })
    const slow = await last(answer, partition(), write('ORD-2'), fetch(2), tick(31), fetch(3))
    expect(inOrder(slow.isr), 'a slow one, after its fetch').toEqual([1, 2, 3])
    const deaf = await last(answer, partition(), fail(3), write('ORD-2'), fetch(3))
    expect(logOf(deaf, 3), 'a fetch of a broker that is down').toEqual(['ORD-1'])
  },
)

check(
  'read-only',
  'With three replicas and a minimum of two, one loss changes nothing for clients; two leave what was written readable',
  { after: ['follower-lost', 'floor'], about: 'step' },
  async ({ answer }) => {
    const oneLost = await last(answer, partition(), fail(3), write('ORD-2'), fetch(2))
    expect(oneLost, 'one broker lost').toMatchObject({ leader: 1, highWatermark: 2 })
    const twoLost = await last(answer, oneLost, fail(2))
    mistake(
      'floor-stops-the-leader',
      twoLost.leader === null,
      'The partition has lost its leader although broker 1 is alive and has everything. Too few in sync is a reason to take no new record with acks=all; reading goes on.',
    )
    expect(twoLost, 'two brokers lost').toMatchObject({ leader: 1, isr: [1], highWatermark: 2 })
    const refused = await last(answer, twoLost, write('ORD-3'))
    mistake(
      'refused-and-written',
      logOf(refused, 1)?.includes('ORD-3') === true,
      'The producer got NOT_ENOUGH_REPLICAS, and its record is in the log. It sends the order again, and it is there twice. The leader looks first, and then it writes.',
    )
    expect(logOf(refused, 1)).toEqual(['ORD-1', 'ORD-2'])
  },
)

check(
  'hidden',
  'Below the minimum nothing becomes committed: what comes with acks=1 is written, and nobody sees it',
  { after: 'read-only', about: 'step' },
  async ({ answer }) => {
    const alone = await last(answer, partition(), fail(3), fail(2), write('ORD-2', 1))
    expect(logOf(alone, 1), 'the log of the leader').toEqual(['ORD-1', 'ORD-2'])
    mistake(
      'visible-below-floor',
      alone.highWatermark === 2,
      'One broker has this record, and consumers get it. Until there are two in sync again it can be lost without anybody having done wrong; Kafka 4 does not move the high watermark before that.',
    )
    expect(alone.highWatermark).toBe(1)
    const two = await last(answer, alone, comeBack(2), fetch(2))
    expect(two, 'when broker 2 has fetched it').toMatchObject({ highWatermark: 2, leader: 1 })
  },
)

check(
  'acks-one-lost',
  'An acknowledgement for acks=1 is no promise: with the leader the record goes, and its offset is used again',
  { after: 'back-in-sync', about: 'step' },
  async ({ answer }) => {
    const lost = await last(answer, partition(), write('ORD-2', 1), fail(1))
    expect(lost, 'the leader failed before anybody had fetched').toMatchObject({
      leader: 2,
      highWatermark: 1,
    })
    const again = await last(answer, lost, fetch(3), write('ORD-3'), fetch(3), comeBack(1))
    mistake(
      'leads-again',
      again.leader === 1,
      'Broker 1 leads again as soon as it is back, before it has fetched. It lacks an acknowledged order, and the others would cut it off.',
    )
    const all = await last(answer, again, fetch(1))
    mistake(
      'logs-merged',
      logOf(all, 1)?.includes('ORD-2') === true,
      'ORD-2 is back in the log of broker 1. A broker that returns cuts off what its leader does not have. Two brokers with other records at the same offset would be two different logs.',
    )
    expect(logOf(all, 1)).toEqual(['ORD-1', 'ORD-3'])
    expect(logOf(all, 2)).toEqual(['ORD-1', 'ORD-3'])
    expect(all).toMatchObject({ leader: 2, highWatermark: 2, underReplicated: false })
  },
)

check(
  'eligible-replicas',
  'Who leaves the ISR while it is too small stays eligible: nothing was committed without them',
  { after: ['read-only', 'eligible'], about: 'step' },
  async ({ answer }) => {
    const two = await last(answer, partition(), fail(3), write('ORD-2'), fetch(2))
    const gone = await last(answer, two, fail(2), fail(1))
    expect({ leader: gone.leader, isr: gone.isr }, 'all brokers lost').toEqual({ leader: null, isr: [] })
    const [third, second] = (await after(answer, gone, comeBack(3), comeBack(2))) as [Cluster, Cluster]
    mistake(
      'everybody-eligible',
      third.leader === 3,
      'Broker 3 leads, and lacks ORD-2. It had left when two others were still in sync, and these two committed a record without it.',
    )
    mistake(
      'elr-not-kept',
      second.leader === null,
      'Broker 2 is back and has every committed record, and the partition still has no leader: nobody has noted down that it is complete.',
    )
    expect(third.leader, 'when broker 3 is back').toBe(null)
    expect(second, 'when broker 2 is back').toMatchObject({ leader: 2, isr: [2], elr: [1], highWatermark: 2 })
    const healed = await last(answer, second, fetch(3))
    expect(healed, 'when two are in sync again').toMatchObject({ elr: [], highWatermark: 2 })
    expect(logOf(healed, 3)).toEqual(['ORD-1', 'ORD-2'])
  },
)

check(
  'unclean-loses',
  'An unclean election buys a leader with records that were committed',
  { after: ['lag-time', 'unclean', 'acks-one-lost'], about: 'step' },
  async ({ answer }) => {
    const start = partition({ replicas: [1, 2], minInsyncReplicas: 1, uncleanLeaderElection: true })
    const [, alone, unclean, back] = (await after(
      answer,
      start,
      write('ORD-2'),
      tick(31),
      fail(1),
      comeBack(1),
    )) as [Cluster, Cluster, Cluster, Cluster]
    expect(alone, 'broker 2 is behind').toMatchObject({ isr: [1], highWatermark: 2 })
    mistake(
      'watermark-stays',
      unclean.leader === 2 && unclean.highWatermark === 2,
      'The new leader has one record, and consumers are told that two can be read. ORD-2 was committed and is gone, and the next order gets its offset.',
    )
    expect(unclean, 'after the unclean election').toMatchObject({ leader: 2, isr: [2], highWatermark: 1 })
    expect(logOf(await last(answer, back, fetch(1)), 1), 'the old leader follows').toEqual(['ORD-1'])
  },
)

check(
  'committed-stays',
  'Without unclean elections a committed record is never lost, whatever fails in whatever order',
  { after: ['hidden', 'eligible-replicas', 'acks-one-lost', 'one-is-enough'], about: 'step' },
  async ({ answer, random }) => {
    const starts = Array.from({ length: 60 }, () => {
      const replicas = random.shuffle([1, 2, 3, 4, 5]).slice(0, random.int(1, 5))
      return partition({ replicas, minInsyncReplicas: random.int(1, 3) })
    })
    const anything = (replicas: number[], at: number): ReplEvent => {
      const broker = random.pick(replicas)
      const acks = random.pick<Acks>([0, 1, 'all'])
      return random.pick([
        write(`ORD-${at + 2}`, acks),
        fetch(broker),
        fetch(broker),
        tick(20),
        fail(broker),
        comeBack(broker),
      ])
    }
    const histories = starts.map(({ replicas }) =>
      Array.from({ length: 40 }, (_, at) => anything(replicas, at)),
    )
    let states = starts
    let seen = starts.map(() => ['ORD-1'])
    for (let at = 0; at < 40; at++) {
      states = await answer.step.each(
        states.map((state, trial) => [state, histories[trial]?.[at] as ReplEvent]),
      )
      seen = states.map((state, trial) => {
        const given = JSON.stringify({ ...starts[trial], events: histories[trial]?.slice(0, at + 1) })
        expectSound(state, given)
        const before = seen[trial] ?? []
        if (state.leader === null) return before
        const readable = logOf(state, state.leader)?.slice(0, state.highWatermark) ?? []
        expect(readable.slice(0, before.length), `what consumers have read before: ${given}`).toEqual(before)
        return readable
      })
    }
  },
)
