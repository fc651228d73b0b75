// What the checks share: a worker on its shift, and what its story tells. Nothing to edit here.

import { vi } from 'vitest'
import { order } from '#bookstore'
import type { Pause, Playing } from '#workbook/check'
import type * as scenes from './consumer-worker.scenes.ts'

/** Milliseconds between heartbeats in the scene. */
export const HEARTBEAT_MS = 300
/** For a worker whose group shall not give it up, however slow the machine is. */
export const PATIENT = { sessionTimeout: 30_000 }
/** More than any worker of these checks does. */
const MOST_EVENTS = 30
const MOST_ASSIGNMENTS = 5

type Report = Awaited<ReturnType<typeof scenes.work>>

/** A worker on its shift, which lasts until `ends` is called. It stands still at its `hold`th event. */
export function onShift(playing: Playing<Report>, hold?: number) {
  const handedOut: unknown[] = []
  const handled: unknown[] = []
  let over = false
  playing.ended().then(() => {
    over = true
  })
  const heard = (label: string, most: number, then: (detail: unknown) => void) =>
    Array.from({ length: most }, (_, index) => {
      const pause = playing.paused(label, index + 1)
      pause.then(
        ({ go, detail }) => {
          then(detail)
          if (label !== 'handling' || index + 1 !== hold) go()
        },
        () => {},
      )
      return pause
    })
  const handling = heard('handling', MOST_EVENTS, (at) => handedOut.push(at))
  heard('handled', MOST_EVENTS, (at) => handled.push(at))
  const assigned = heard('assigned', MOST_ASSIGNMENTS, () => {})
  const [crash] = heard('crashed', 1, () => {})
  const working = playing.paused('working')
  working.catch(() => {})
  return {
    playing,
    /** `partition:offset` of every event that was handed out so far. */
    handedOut,
    /** The same of every event whose handling has ended well. */
    handled,
    held: handling[(hold ?? 1) - 1] as Promise<Pause>,
    assigned: async (nth: number) => (await (assigned[nth - 1] as Promise<Pause>)).detail,
    crashed: crash as Promise<Pause>,
    /** Waits for something to be so; fails with the worker's own ending when that comes first. */
    async until(soon: () => boolean | Promise<boolean>) {
      await vi.waitUntil(async () => over || (await soon()), { timeout: 120_000, interval: 20 })
      if (over && !(await soon())) await playing
    },
    async ends() {
      ;(await working).go()
      return playing
    },
    async outcome() {
      working.then(
        ({ go }) => go(),
        () => {},
      )
      return playing.outcome()
    },
  }
}

/** Some events for one partition. */
export function events(count: number, partition = 0) {
  return Array.from({ length: count }, (_, index) => ({
    partition,
    value: JSON.stringify(order(`ORD-${partition}${index}`)),
  }))
}

/** `[0, 2]` for the partitions of one topic, in whatever order the worker lists them. */
export function numbers(partitions: unknown): number[] {
  return (partitions as { partition: number }[]).map(({ partition }) => partition).sort()
}

/** The assignments and revocations of one worker, in order; those of nothing say nothing. */
export function changes(story: Report['story']): string[] {
  return story
    .filter(({ what, partitions = [] }) => /assigned|revoked/.test(what) && partitions.length > 0)
    .map(({ what, partitions }) => `${what} ${numbers(partitions)}`)
}

/** True when an event of a partition was handed out while the worker did not own the partition. */
export function worksOnLost(story: Report['story']): boolean {
  let owned: number[] = []
  return story.some(({ what, partitions, at }) => {
    if (what === 'assigned') owned = numbers(partitions)
    if (what === 'revoked') owned = []
    return what === 'message' && !owned.includes(Number.parseInt(String(at), 10))
  })
}

/** True when the worker's partitions were revoked between the beginning and the end of an event. */
export function losesEventAtWork(story: Report['story']): boolean {
  return story.some(({ what, at }, index) => {
    if (what !== 'message') return false
    const after = story.slice(index)
    const end = after.findIndex((one) => one.what === 'handled' && one.at === at)
    return after.slice(0, end + 1).some((one) => one.what === 'revoked')
  })
}

interface Heartbeat {
  requestAtMs: number
  responseAtMs: number | null
  response: unknown
}

/** A worker that goes on with its event gives itself away by then, or it goes on without another heartbeat. */
const GOES_ON_MS = 2000

/**
 * Asks whether a worker has heard of the rebalance and goes on with its event all the same: it has sent two heartbeats after the
 * first one that was refused (one may have been on its way), or it has had time enough.
 */
export function goingOn(heartbeats: () => readonly Heartbeat[]): () => boolean {
  let seenAtMs = Number.POSITIVE_INFINITY
  return () => {
    const refused = heartbeats().filter(isRefused)
    if (refused.length > 0) seenAtMs = Math.min(seenAtMs, performance.now())
    const heardAtMs = refused[0]?.responseAtMs ?? Number.POSITIVE_INFINITY
    const later = refused.filter(({ requestAtMs }) => requestAtMs > heardAtMs)
    return later.length >= 2 || performance.now() - seenAtMs > GOES_ON_MS
  }
}

/** The answer says that the group is rebalancing. */
function isRefused({ response }: Heartbeat): boolean {
  return (response as { errorCode: number } | null)?.errorCode === 27
}
