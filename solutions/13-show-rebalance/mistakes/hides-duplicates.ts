// The wrong idea: a set of what was handled is what was handled.
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

export async function demonstrateRebalancing(
  kafka: Kafka,
  topic: string,
  steps: Step[],
  crew: Crew,
): Promise<RebalanceTimeline> {
  const admin = kafka.admin()
  await admin.connect()
  const members: Record<string, Member> = {}
  const moments: Moment[] = []
  for (const step of steps) {
    const startedAt = Date.now()
    const name = step.member
    if (step.does === 'join') members[name] = crew.start(name, crew.group)
    if (step.does === 'leave') await members[name]?.leave()
    if (step.does === 'crash') await members[name]?.kill()
    if (step.does !== 'join') delete members[name]
    const owners = await waitForGroup(admin, topic, crew, Object.values(members))
    moments.push({ step, owners, tookMs: Date.now() - startedAt })
  }
  await admin.disconnect()

  const sent = await crew.sendRest()
  while (new Set(places(crew)).size < sent) await sleep(20)
  const all = [...new Set(places(crew))]
  const again = all.filter((place, index) => all.indexOf(place) !== index)
  return { moments, handled: new Set(all).size, duplicates: [...new Set(again)] }
}

async function waitForGroup(admin: Admin, topic: string, crew: Crew, members: Member[]) {
  await Promise.all(members.map((member) => member.joined()))
  for (;;) {
    const owners = await look(admin, topic, crew)
    const names = members.map(({ name }) => name)
    if (owners && `${Object.keys(owners).sort()}` === `${names.sort()}`) return owners
    await sleep(50)
  }
}

/** Who owns what, or null while the group is not stable. */
async function look(admin: Admin, topic: string, crew: Crew): Promise<Record<string, number[]> | null> {
  const { groups } = await admin.describeGroups([crew.group])
  const group = groups[0]
  if (group?.state !== 'Stable' && group?.state !== 'Empty') return null
  const owners: Record<string, number[]> = {}
  for (const { memberId, memberAssignment } of group.members) {
    const decoded = AssignerProtocol.MemberAssignment.decode(memberAssignment)
    owners[nameOf(memberId, crew)] = decoded?.assignment[topic] ?? []
  }
  return owners
}

function nameOf(memberId: string, crew: Crew): string {
  for (const one of crew.heard) if (one.what === 'joined' && one.memberId === memberId) return one.member
  return memberId
}

function places(crew: Crew): string[] {
  return crew.heard.flatMap((one) => (one.what === 'handled' ? [`${one.partition}:${one.offset}`] : []))
}
