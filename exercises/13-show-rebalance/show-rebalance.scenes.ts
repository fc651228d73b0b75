import { setTimeout as sleep } from 'node:timers/promises'
import type { Producer } from 'kafkajs'
import { order } from '#bookstore'
import type { Stage } from '#workbook/check'
import {
  type Crew,
  demonstrateRebalancing,
  type Heard,
  type Member,
  type RebalanceTimeline,
  type Step,
} from './show-rebalance.ts'

interface Demonstration {
  steps: Step[]
  /** Milliseconds; 6,000 is the least that a broker takes as it comes. */
  sessionTimeout?: number
}

/** Three members join, one after the other; then one leaves, and one is killed. */
export async function story(stage: Stage<Demonstration>): Promise<RebalanceTimeline> {
  return (await witnessed(stage)).timeline
}

/** The same, and beside the timeline what the members have said. */
export async function witnessed({ kafka, topic, group, spawn, given = THREE_MEMBERS }: Stage<Demonstration>) {
  const producer = kafka.producer()
  await producer.connect()
  const send = fortyRecords(producer, topic)
  const { crew, leaveAll } = crewOf({ group, spawn, send, ...given })
  const timeline = await demonstrateRebalancing(kafka, topic, given.steps, crew)
  await leaveAll()
  await producer.disconnect()
  return { timeline, heard: [...crew.heard] }
}

const THREE_MEMBERS: Demonstration = {
  steps: [
    { does: 'join', member: 'ann' },
    { does: 'join', member: 'bob' },
    { does: 'join', member: 'cid' },
    { does: 'leave', member: 'bob' },
    { does: 'crash', member: 'cid' },
  ],
}

/** One member. It handles a record in ten milliseconds, and leaves when it is let go. kafkajs commits at the end of a batch. */
export async function member({
  kafka,
  topic,
  group,
  pauseAt,
  given,
}: Stage<{ groupId: string; sessionTimeout: number }>) {
  const { groupId, sessionTimeout } = given ?? { groupId: group, sessionTimeout: 6_000 }
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout,
    heartbeatInterval: 300,
    rebalanceTimeout: 20_000,
    // How long the broker may hold an empty fetch. kafkajs neither hears of a rebalance nor leaves while it waits.
    maxWaitTimeInMs: 100,
  })
  consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberId, memberAssignment } }) => {
    void pauseAt('joined', { memberId, partitions: memberAssignment[topic] ?? [] })
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message: { offset } }) => {
      await sleep(10)
      await pauseAt('handled', { partition, offset })
    },
  })
  await pauseAt('working')
  await consumer.disconnect()
}

/** More often than this no member joins. */
const MOST_JOINS = 12

type Spawned = ReturnType<Stage['spawn']>
type Joined = { memberId: string; partitions: number[] }
type Place = { partition: number; offset: string }

interface Company extends Pick<Stage, 'group' | 'spawn'> {
  sessionTimeout?: number
  /** Sends some more records, one for each partition, or all that are left. Resolves with what was sent so far. */
  send(howMany: 'some' | 'all'): Promise<number>
}

/** The handle for starting members, made of `stage.spawn`. Each step of a member brings some records, so that there is work. */
function crewOf({ group, spawn, send, sessionTimeout = 6_000 }: Company) {
  const heard: Heard[] = []
  const working = new Set<Member>()

  function start(name: string, groupId: string): Member {
    const process = spawn('member', { groupId, sessionTimeout })
    const firstJoin = hearJoins(process, (joined) => heard.push({ what: 'joined', member: name, ...joined }))
    const work = hearWork(process, (place) => heard.push({ what: 'handled', member: name, ...place }))
    const ready = process.paused('working')
    ready.catch(() => {})
    void send('some')
    const started: Member = {
      name,
      joined: async () => (await firstJoin).memberId,
      async leave() {
        working.delete(started)
        await send('some')
        ;(await ready).go()
        await process.ended()
      },
      async kill() {
        working.delete(started)
        const inHand = work.holdNext()
        await send('some')
        // What is in hand is handled, and not committed. A member that gets nothing has nothing in hand.
        if (ownsSome(name, heard)) await Promise.race([inHand, sleep(10_000)])
        await process.kill()
      },
    }
    working.add(started)
    return started
  }

  const crew: Crew = { group, start, heard, sendRest: () => send('all') }
  return { crew, leaveAll: () => Promise.all([...working].map((one) => one.leave())) }
}

function ownsSome(name: string, heard: Heard[]): boolean {
  const last = heard.findLast((one) => one.what === 'joined' && one.member === name)
  return last?.what === 'joined' && last.partitions.length > 0
}

/** Tells of every GROUP_JOIN of a member, and resolves with the first. */
function hearJoins(process: Spawned, tell: (joined: Joined) => void): Promise<Joined> {
  const joins = Array.from({ length: MOST_JOINS }, async (_, nth) => {
    const { detail, go } = await process.paused('joined', nth + 1)
    tell(detail as Joined)
    go()
    return detail as Joined
  })
  // A member that is gone joins no more.
  for (const join of joins) join.catch(() => {})
  return joins[0] as Promise<Joined>
}

/** Tells of every record that a member has handled. After `holdNext` it stands still at the next one. */
function hearWork(process: Spawned, tell: (record: Place) => void) {
  let hold: (() => void) | undefined
  const next = () => {
    process.paused('handled').then(
      ({ go, detail }) => {
        tell(detail as Place)
        if (hold) return hold()
        next()
        go()
      },
      () => {},
    )
  }
  next()
  return {
    holdNext: () =>
      new Promise<void>((resolve) => {
        hold = resolve
      }),
  }
}

/** Forty orders for four partitions, sent a few at a time. */
function fortyRecords(producer: Producer, topic: string) {
  const records = Array.from({ length: 40 }, (_, index) => ({
    partition: index % 4,
    value: JSON.stringify(order(`ORD-${1001 + index}`)),
  }))
  let sent = 0
  return async (howMany: 'some' | 'all') => {
    const messages = records.slice(sent, howMany === 'all' ? undefined : sent + 4)
    sent += messages.length
    if (messages.length > 0) await producer.send({ topic, messages })
    return sent
  }
}
