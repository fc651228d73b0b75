import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, AssignerProtocol, type Kafka } from 'kafkajs'

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

const LOOK_EVERY_MS = 50

export async function demonstrateRebalancing(
  kafka: Kafka,
  topic: string,
  steps: Step[],
  crew: Crew,
): Promise<RebalanceTimeline> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const members = new Map<string, Member>()
    const moments: Moment[] = []
    for (const step of steps) {
      const startedAt = performance.now()
      await take(step, members, crew)
      const owners = await settled(admin, crew.group, topic, members)
      moments.push({ step, owners, tookMs: Math.round(performance.now() - startedAt) })
    }
    return { moments, ...(await handledInTheEnd(crew)) }
  } finally {
    await admin.disconnect()
  }
}

/** Does what the step says. `members` holds those that should be in the group afterwards. */
async function take({ does, member }: Step, members: Map<string, Member>, crew: Crew): Promise<void> {
  if (does === 'join') {
    members.set(member, crew.start(member, crew.group))
    return
  }
  const leaving = members.get(member)
  members.delete(member)
  await (does === 'leave' ? leaving?.leave() : leaving?.kill())
}

/**
 * Waits until the coordinator calls the group stable, with these members and no other, and says who owns what. "Stable" alone
 * is not enough: a group is stable before it has heard of a newcomer, and while it still believes in a dead member.
 */
async function settled(
  admin: Admin,
  group: string,
  topic: string,
  members: Map<string, Member>,
): Promise<Record<string, number[]>> {
  const nameOf = new Map<string, string>()
  for (const member of members.values()) nameOf.set(await member.joined(), member.name)
  for (;;) {
    const [found] = (await admin.describeGroups([group])).groups
    const present = found?.members ?? []
    const isComplete = present.length === nameOf.size && present.every(({ memberId }) => nameOf.has(memberId))
    // A group without members is Empty, and that is as settled as it gets.
    if (isComplete && (found?.state === 'Stable' || nameOf.size === 0)) {
      return Object.fromEntries(
        present.map(({ memberId, memberAssignment }) => [
          nameOf.get(memberId) as string,
          AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment[topic] ?? [],
        ]),
      )
    }
    await sleep(LOOK_EVERY_MS)
  }
}

/** Waits until every record was handled by somebody. Some come twice, and that is what a crash does, no failure of it. */
async function handledInTheEnd(crew: Crew): Promise<{ handled: number; duplicates: string[] }> {
  const sent = await crew.sendRest()
  for (;;) {
    const times = new Map<string, number>()
    for (const one of crew.heard) {
      if (one.what !== 'handled') continue
      const place = `${one.partition}:${one.offset}`
      times.set(place, (times.get(place) ?? 0) + 1)
    }
    if (times.size === sent) {
      const duplicates = [...times].filter(([, count]) => count > 1).map(([place]) => place)
      return { handled: times.size, duplicates }
    }
    await sleep(LOOK_EVERY_MS)
  }
}
