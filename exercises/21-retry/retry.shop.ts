// What the checks share: a service on its shift, and what it left behind. Nothing to edit here.

import { vi } from 'vitest'
import { order } from '#bookstore'
import { checksFor, type Pause, type Playing } from '#workbook/check'
import type * as scenes from './retry.scenes.ts'

export const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, { deadlineMs: 20_000 })

/** More than any check hands out. */
const MOST_CALLS = 40

type Tools = Parameters<Parameters<typeof check>[3]>[0]
type Given = NonNullable<Parameters<Tools['play']['work']>[0]>
type Report = Awaited<ReturnType<typeof scenes.work>>
type Records = Parameters<Tools['topic']['append']>[0]

/** A service on its shift, with records of one partition to handle and a dead-letter topic of one partition. */
export async function openShop(tools: Tools, records: Records, given: Given, hold?: number) {
  const { play, topic, topicNamed, group } = tools
  const deadLetters = topicNamed(`${topic.name}-dead-letters`)
  await deadLetters.create({ partitions: 1 })
  await topic.append(records)
  const end = String(records.length + (given.records?.length ?? 0))
  const shift = onShift(play.work(given), hold)
  const letters = () => deadLetters.records()
  return {
    ...shift,
    letters,
    /** The dead letters, as soon as there is one; none when none comes within a second. */
    async firstLetters() {
      const waiting = { timeout: 1_000, interval: 20 }
      await vi.waitUntil(async () => (await letters()).length > 0, waiting).catch(() => {})
      return letters()
    },
    /** Waits until everything is committed, or nobody is there to do that, or for something else. */
    done: (or = () => false) =>
      shift.until(async () => {
        const committed = await group.committed()
        return shift.isDown() || or() || committed[records[0]?.partition ?? 0] === end
      }),
  }
}

/** A service on its shift, which lasts until `ends` or `outcome` is called. It stands still at its `hold`th event. */
export function onShift(playing: Playing<Report>, hold?: number) {
  const handedOut: unknown[] = []
  const times: number[] = []
  let [over, crashed, joined] = [false, false, false]
  playing.ended().then(() => {
    over = true
  })
  const hear = (label: string, nth: number, then: (pause: Pause) => void) => {
    const pause = playing.paused(label, nth)
    pause.then(then, () => {})
    return pause
  }
  const handling = Array.from({ length: MOST_CALLS }, (_, index) =>
    hear('handling', index + 1, ({ detail, go }) => {
      handedOut.push(detail)
      times.push(performance.now())
      if (index + 1 !== hold) go()
    }),
  )
  hear('stopped for good', 1, ({ go }) => {
    crashed = true
    go()
  })
  hear('joined', 1, ({ go }) => {
    joined = true
    go()
  })
  const working = hear('working', 1, () => {})
  const close = () => {
    working.then(
      ({ go }) => go(),
      () => {},
    )
    return playing
  }
  return {
    /** `partition:offset` of every event that was handed out so far. */
    handedOut,
    /** When that was, in milliseconds. */
    times,
    held: handling[(hold ?? 1) - 1] as Promise<Pause>,
    count: (at: string) => handedOut.filter((one) => one === at).length,
    hasJoined: () => joined,
    isOver: () => over,
    /** kafkajs has stopped the consumer for good. */
    hasCrashed: () => crashed,
    /** Nobody reads any more, and nobody has asked for that. */
    isDown: () => over || crashed,
    /** Waits for something to be so, or for the scene to be over. */
    until: (soon: () => boolean | Promise<boolean>) =>
      vi.waitUntil(async () => over || (await soon()), { timeout: 120_000, interval: 20 }),
    ends: async () => close(),
    outcome: () => close().outcome(),
  }
}

/** Some events for one partition. */
export function events(count: number, partition = 0) {
  return Array.from({ length: count }, (_, index) => ({
    partition,
    value: JSON.stringify(order(`ORD-${partition}${index}`)),
  }))
}
