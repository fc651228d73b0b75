// Another way: nobody asks the broker. What the members say of their GROUP_JOINs is put together.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'

export interface Step {
  does: 'join' | 'leave' | 'crash'
  member: string
}

export interface Moment {
  step: Step
  owners: Record<string, number[]>
  tookMs: number
}

export interface RebalanceTimeline {
  moments: Moment[]
  handled: number
  duplicates: string[]
}

export type Heard =
  | { what: 'joined'; member: string; memberId: string; partitions: number[] }
  | { what: 'handled'; member: string; partition: number; offset: string }

export interface Member {
  name: string
  joined(): Promise<string>
  leave(): Promise<void>
  kill(): Promise<void>
}

export interface Crew {
  group: string
  start(name: string, groupId: string): Member
  heard: readonly Heard[]
  sendRest(): Promise<number>
}

export async function demonstrateRebalancing(
  _kafka: Kafka,
  _topic: string,
  steps: Step[],
  crew: Crew,
): Promise<RebalanceTimeline> {
  const present: Member[] = []
  const moments: Moment[] = []
  for (const step of steps) {
    const heardBefore = crew.heard.length
    const startedAt = performance.now()
    if (step.does === 'join') present.push(crew.start(step.member, crew.group))
    else {
      const [gone] = present.splice(
        present.findIndex(({ name }) => name === step.member),
        1,
      )
      await (step.does === 'crash' ? gone?.kill() : gone?.leave())
    }
    // Eager: in a rebalance every member joins again. Who has not said so since the step still has its old partitions.
    let joins = lastJoins(crew.heard.slice(heardBefore), present)
    while (!isShare(joins, present)) {
      await sleep(30)
      joins = lastJoins(crew.heard.slice(heardBefore), present)
    }
    moments.push({ step, owners: Object.fromEntries(joins), tookMs: performance.now() - startedAt })
  }

  const sent = await crew.sendRest()
  let counts = countOf(crew.heard)
  while (counts.size < sent) {
    await sleep(30)
    counts = countOf(crew.heard)
  }
  const duplicates = [...counts].flatMap(([place, times]) => (times > 1 ? place : []))
  return { moments, handled: counts.size, duplicates }
}

/** What each of these members has got last, among what was heard. */
function lastJoins(heard: readonly Heard[], members: Member[]): Map<string, number[]> {
  const joins = new Map<string, number[]>()
  for (const one of heard) {
    if (one.what === 'joined' && members.some(({ name }) => name === one.member)) {
      joins.set(one.member, one.partitions)
    }
  }
  return joins
}

/** Everybody has joined, and together they have each of the four partitions once. */
function isShare(joins: Map<string, number[]>, members: Member[]): boolean {
  const owned = [...joins.values()].flat()
  return joins.size === members.length && owned.length === 4 && new Set(owned).size === 4
}

function countOf(heard: readonly Heard[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const one of heard) {
    if (one.what !== 'handled') continue
    const place = `${one.partition}:${one.offset}`
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return counts
}
