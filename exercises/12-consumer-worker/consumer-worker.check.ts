import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './consumer-worker.scenes.ts'
import {
  changes,
  events,
  goingOn,
  HEARTBEAT_MS,
  losesEventAtWork,
  numbers,
  onShift,
  PATIENT,
  worksOnLost,
} from './consumer-worker.shift.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, { deadlineMs: 40_000 })

check(
  'handles-and-commits',
  'A worker handles what its partitions hold, and commits what it has done',
  async ({ play, topic, group }) => {
    await topic.append([...events(2, 0), ...events(1, 2)])
    const worker = onShift(play.work(PATIENT))
    await worker.until(() => worker.handled.length === 3)
    await worker.ends()
    expect(worker.handedOut.toSorted(), 'partition:offset of what was handed out').toEqual([
      '0:0',
      '0:1',
      '2:0',
    ])
    expect(await group.committed()).toEqual({ 0: '2', 1: null, 2: '1' })
  },
)

check(
  'assigned-by-the-group',
  'What a member owns is decided when its group has joined, and anew each time somebody comes',
  { after: 'handles-and-commits' },
  async ({ play, wire }) => {
    const first = onShift(play.work(PATIENT))
    expect(numbers(await first.assigned(1)), 'of a worker that is alone').toEqual([0, 1, 2])
    const second = onShift(play.work(PATIENT))
    const owned = [...numbers(await first.assigned(2)), ...numbers(await second.assigned(1))]
    mistake(
      'guessed-assignment',
      owned.length > 3,
      'Two workers of one group were told that they own the same partition. Which partitions a topic has is one thing; which of them a member owns, only its group knows.',
    )
    expect(owned.toSorted(), 'of both workers together').toEqual([0, 1, 2])
    const { ids } = await second.ends()
    await first.ends()
    const known = wire.requests('SyncGroup').map(({ request }) => (request as { memberId: string }).memberId)
    mistake(
      'made-up-id',
      !known.includes(ids[0] as string),
      'The group knows no member of that name. A member id comes from the coordinator, when the member joins.',
    )
  },
)

check(
  'revoked-first',
  'Before a member gets its new partitions it has lost the old ones: all of them, also those that come back',
  { after: 'assigned-by-the-group' },
  async ({ play }) => {
    const first = onShift(play.work(PATIENT))
    await first.assigned(1)
    const second = onShift(play.work(PATIENT))
    const kept = numbers(await first.assigned(2))
    await second.assigned(1)
    const told = changes((await first.ends()).story)
    await second.ends()
    mistake(
      'never-revoked',
      !told.some((one) => one.startsWith('revoked')),
      'The worker was never told that it had lost anything. Its owner may still be at work on what is somebody else’s by now.',
    )
    mistake(
      'revokes-the-difference',
      told[1] === `revoked ${[0, 1, 2].filter((partition) => !kept.includes(partition))}`,
      'Only what went to the other worker was revoked. A member of kafkajs joins again with empty hands: what it gets back, it did not own in between.',
    )
    const rebalance = ['assigned 0,1,2', 'revoked 0,1,2', `assigned ${kept}`]
    mistake(
      'no-revoke-at-stop',
      `${told}` === `${rebalance}`,
      'A worker that stops gives its partitions back; its owner has not heard of that.',
    )
    expect(told).toEqual([...rebalance, `revoked ${kept}`])
  },
)

check(
  'slow-event',
  'A member that is at work is alive only as long as it says so',
  { after: 'handles-and-commits' },
  async ({ play, topic, group, wire, sessionTimeoutMs: sessionTimeout }) => {
    await topic.append(events(2))
    const worker = onShift(play.work({ sessionTimeout }), 1)
    const atWork = await worker.held
    const before = wire.requests('Heartbeat').length
    const enough = 2 + sessionTimeout / HEARTBEAT_MS
    const beats = () => wire.requests('Heartbeat').length - before
    await worker.until(async () => beats() >= enough || (await group.members()).length === 0)
    mistake(
      'expelled-while-working',
      (await group.members()).length === 0,
      'One event took longer than the session timeout, no heartbeat came meanwhile, and the group took the worker for dead: the event goes to another one, while this one still works on it.',
    )
    atWork.go()
    await worker.until(() => worker.handedOut.includes('0:1'))
    await worker.ends()
    expect(worker.handedOut).toEqual(['0:0', '0:1'])
  },
)

check(
  'done-is-committed',
  'What a member has done is committed before its partitions are somebody else’s',
  { after: ['assigned-by-the-group', 'slow-event'] },
  async ({ play, topic, wire }) => {
    await topic.append([0, 1, 2].flatMap((partition) => events(4, partition)))
    const first = onShift(play.work(), 2)
    const atWork = await first.held
    const second = onShift(play.work())
    // The first worker hears of the second one with a heartbeat, and goes on; or it does not go on.
    let passedOn = false
    second.assigned(1).then(
      () => (passedOn = true),
      () => {},
    )
    const isGoingOn = goingOn(() => wire.requests('Heartbeat'))
    await second.until(() => passedOn || isGoingOn())
    atWork.go()
    const all = () => [...first.handedOut, ...second.handedOut]
    await second.until(() => new Set(all()).size === 12)
    await second.ends()
    const { threw, returned } = await first.outcome()
    mistake(
      'unhandled-heartbeat',
      threw?.type === 'REBALANCE_IN_PROGRESS',
      'A heartbeat was answered with REBALANCE_IN_PROGRESS, nobody caught that, and the process died of it. In a rebalance this answer is the normal one.',
    )
    mistake(
      'works-on-what-is-lost',
      worksOnLost(returned?.story ?? []),
      'Events of a partition were handed out after it had been revoked: the worker keeps events of its own that kafkajs takes for done.',
    )
    mistake(
      'abandons-event-at-work',
      losesEventAtWork(returned?.story ?? []),
      'The worker gave its partitions up while an event of them was still at work: somebody begins it a second time, and two are at it. In a rebalance, the group waits for the event at work.',
    )
    mistake(
      'commit-too-late',
      all().length > 12,
      'Events that had been handled were handed out once more after the rebalance: their commit had not come by then. kafkajs waits for no listener before it joins again.',
    )
    expect(threw?.message).toBe(undefined)
    expect(all().toSorted()).toEqual([...new Set(all())].toSorted())
  },
)

check(
  'expelled',
  'A member that was silent for too long is out, hears of it last, and has to join again',
  { after: ['revoked-first', 'done-is-committed'] },
  async ({ play, topic, sessionTimeoutMs: sessionTimeout }) => {
    await topic.append(events(2))
    const worker = onShift(play.work({ sessionTimeout, blockMs: 1.5 * sessionTimeout }))
    await worker.assigned(1)
    const crashed = worker.crashed.then(() => true)
    const gone = await Promise.race([worker.assigned(2).then(() => false), crashed])
    mistake(
      'stops-for-good',
      gone,
      'The worker was expelled while it was busy. What it asked of the group after that was refused; the error went to kafkajs, which took it for final and stopped the consumer, with an event and no other sign.',
    )
    await worker.until(() => worker.handedOut.includes('0:1'))
    const { story, ids } = await worker.ends()
    const told = changes(story)
    mistake(
      'revoked-by-rebalancing-only',
      `${told}`.startsWith('assigned 0,1,2,assigned 0,1,2'),
      'The worker got partitions twice and was never told that it had lost them in between: a member that is expelled takes part in no rebalance, so no event tells of one.',
    )
    mistake(
      'first-id-only',
      ids[0] === ids[1],
      'The worker still goes by the id of its first join; whoever joins again after an expulsion is a new member, with a new id.',
    )
    expect(told.slice(0, 3)).toEqual(['assigned 0,1,2', 'revoked 0,1,2', 'assigned 0,1,2'])
  },
)

check(
  'failed-event',
  'An event whose handling failed is not done: it stays uncommitted, and comes again',
  { after: 'handles-and-commits' },
  async ({ play, topic }) => {
    await topic.append(events(2))
    const worker = onShift(play.work(PATIENT), 1)
    ;(await worker.held).throw('disk full')
    await Promise.race([worker.until(() => worker.handedOut.length > 1), worker.crashed])
    mistake(
      'skips-failed-event',
      worker.handedOut[1] === '0:1',
      'The handling of an event failed, and the worker went on with the next one: its commit covers the failed event, too.',
    )
    await worker.until(() => worker.handedOut.includes('0:1'))
    await worker.ends()
    expect(worker.handedOut).toEqual(['0:0', '0:0', '0:1'])
  },
)

check(
  'stops-clean',
  'A worker that stops ends what it has begun, and its partitions are free at once',
  { after: 'handles-and-commits' },
  async ({ play, topic, group, wire }) => {
    await topic.append(events(1))
    const worker = onShift(play.work(PATIENT), 1)
    const stopping = worker.playing.paused('stopping')
    const stopped = worker.playing.paused('stopped')
    const atWork = await worker.held
    const ending = worker.outcome()
    ;(await stopping).go()
    atWork.go()
    const { go } = await stopped
    const left = wire.requests('LeaveGroup').length > 0
    const state = await group.state()
    const [committed] = Object.values(await group.committed())
    go()
    const { threw, returned } = await ending
    mistake(
      'stop-without-leaving',
      !left || state === 'Stable',
      'stop() was over, and the worker was still a member of its group: nobody else gets its partitions, and it does not read them.',
    )
    const handled = returned?.story.some(({ what }) => what === 'handled')
    mistake(
      'commit-lost-at-stop',
      handled === true && committed === null,
      'The event at work was handled, and no commit of it arrived: once a consumer has been told to stop, commitOffsets() of kafkajs does nothing, and says nothing.',
    )
    expect(threw?.message).toBe(undefined)
    expect(handled, 'the event at work was handled to its end').toBe(true)
    expect(committed).toBe('1')
    expect(state).toBe('Empty')
  },
)

check(
  'killed',
  'When a member dies, others get its partitions after the session timeout, and begin at its last commit',
  { after: 'expelled' },
  async ({ play, topic, group, sessionTimeoutMs: sessionTimeout }) => {
    await topic.append([0, 1, 2].flatMap((partition) => events(2, partition)))
    const first = onShift(play.work({ sessionTimeout }), 1)
    const { detail } = await first.held
    const partition = Number.parseInt(String(detail), 10)
    const committed = (await group.committed())[partition]
    mistake(
      'commit-before-handler',
      committed === '1' || committed === '2',
      'While the worker was handling an event, that event was committed already: when the worker dies now, nobody ever handles it.',
    )
    await first.playing.kill()
    const second = onShift(play.work({ sessionTimeout }))
    await second.until(() => second.handedOut.length === 6)
    await second.ends()
    expect(second.handedOut).toContain(detail)
  },
)
