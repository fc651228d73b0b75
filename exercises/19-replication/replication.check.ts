import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as yours from './replication.ts'
import type { AckResult, Acks, Cluster, ReplEvent } from './replication.ts'

const check = checksFor<{ answer: typeof yours }>(import.meta.url)

/** A partition of one committed record on brokers 1, 2 and 3, all of them in sync, unless something else is given. */
function partition(given: Partial<Cluster> = {}): Cluster {
  const { replicas = [1, 2, 3] } = given
  const isr = given.isr ?? replicas
  return {
    minInsyncReplicas: 2,
    replicaLagTimeMaxMs: 30_000,
    uncleanLeaderElection: false,
    now: 0,
    brokers: Object.fromEntries(replicas.map((id) => [id, { alive: true, log: ['ORD-1'], caughtUpAt: 0 }])),
    leader: isr[0] ?? null,
    elr: [],
    highWatermark: 1,
    underReplicated: isr.length < replicas.length,
    ...given,
    // Lists of their own: an answer may change what it gets.
    replicas: [...replicas],
    isr: [...isr],
  }
}

/** A partition without a leader, where only some brokers are alive. */
function leaderless(replicas: number[], alive: number[], given: Partial<Cluster> = {}): [Cluster] {
  const brokers = Object.fromEntries(
    replicas.map((id) => [id, { alive: alive.includes(id), log: ['ORD-1'], caughtUpAt: 0 }]),
  )
  return [partition({ replicas, brokers, isr: [], leader: null, ...given })]
}

const write = (record: string, acks: Acks = 'all'): ReplEvent => ({ type: 'write', record, acks })
const fetch = (broker: number): ReplEvent => ({ type: 'fetch', broker })
const tick = (seconds: number): ReplEvent => ({ type: 'tick', ms: seconds * 1000 })
const fail = (broker: number): ReplEvent => ({ type: 'fail', broker })
const comeBack = (broker: number): ReplEvent => ({ type: 'return', broker })

interface Asked {
  step: (cluster: Cluster, event: ReplEvent) => Promise<Cluster>
}

/** Lets one thing happen after the other, and gives what there is after each of them. */
async function after(answer: Asked, start: Cluster, ...events: ReplEvent[]): Promise<Cluster[]> {
  const states: Cluster[] = []
  for (const event of events) states.push(await answer.step(states.at(-1) ?? start, event))
  return states
}

const last = async (answer: Asked, start: Cluster, ...events: ReplEvent[]) =>
  (await after(answer, start, ...events)).at(-1) as Cluster

const inOrder = (ids: number[]) => [...ids].sort((a, b) => a - b)
const waitsFor = (result: AckResult | undefined) =>
  result && 'waitsFor' in result ? inOrder(result.waitsFor) : []
/** Whom a producer waits for, or its error. */
const answerOf = (result: AckResult) => ('error' in result ? result.error : waitsFor(result))
const logOf = (cluster: Cluster, id: number) => cluster.brokers[id]?.log

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

/** What is true of every partition at every moment. */
function expectSound(
  { replicas, brokers, leader, isr, elr, underReplicated, ...state }: Cluster,
  given: string,
) {
  if (leader !== null) expect(isr, `the ISR has the leader: ${given}`).toContain(leader)
  const wrong = {
    deadInIsr: isr.filter((id) => !brokers[id]?.alive),
    inBoth: elr.filter((id) => isr.includes(id)),
    eligibleForNothing: isr.length >= Math.min(state.minInsyncReplicas, replicas.length) ? elr : [],
  }
  expect(wrong, given).toEqual({ deadInIsr: [], inBoth: [], eligibleForNothing: [] })
  expect(underReplicated, given).toBe(isr.length < replicas.length)
}
