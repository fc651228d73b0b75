// The wrong idea: a group that is stable, with an owner for each partition, has settled.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, AssignerProtocol, type Kafka } from 'kafkajs'

/** What happens to the group next, and to which member, by the name that you know it by. */
export interface Step {
  does: 'join' | 'leave' | 'crash'
  member: string
}

/** The group as it was when it had settled after a step. */
export interface Moment {
  step: Step
  /** Name of a member -> the partitions that it owns; nobody else is in the group. An idle member has `[]`. */
  owners: Record<string, number[]>
  /** Milliseconds from the beginning of the step until the group had settled. */
  tookMs: number
}

export interface RebalanceTimeline {
  /** One for each step, in their order. */
  moments: Moment[]
  /** How many different records were handled. */
  handled: number
  /** `partition:offset` of each record that was handled more than once. */
  duplicates: string[]
}

/** What a member says of itself, as the crew heard it. */
export type Heard =
  | { what: 'joined'; member: string; memberId: string; partitions: number[] }
  | { what: 'handled'; member: string; partition: number; offset: string }

/** One member: a process of its own. */
export interface Member {
  name: string
  /** Resolves when it has joined for the first time, with the member id that the group has given it. */
  joined(): Promise<string>
  /** Lets it leave its group and end. Resolves when the process is over. */
  leave(): Promise<void>
  /** Kills it in the middle of its work, with SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>
}

/** Starts members, which an answer cannot do by itself, and sends the records. */
export interface Crew {
  /** The name of this demonstration's group. */
  group: string
  /** Starts a member of the group `groupId`. Returns at once: the process has yet to start, and to join. */
  start(name: string, groupId: string): Member
  /** Everything that the members have said so far: each GROUP_JOIN, and each record that was handled. */
  heard: readonly Heard[]
  /** Sends what is left of the forty records. Resolves with the number of records that were sent in all. */
  sendRest(): Promise<number>
}

async function settled(
  admin: Admin,
  group: string,
  topic: string,
  partitions: number,
  names: Map<string, string>,
): Promise<Record<string, number[]>> {
  for (;;) {
    const [description] = (await admin.describeGroups([group])).groups
    if (description?.state === 'Stable') {
      const owners: Record<string, number[]> = {}
      for (const { memberId, memberAssignment } of description.members) {
        const assignment = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {}
        owners[names.get(memberId) ?? memberId] = assignment[topic] ?? []
      }
      if (new Set(Object.values(owners).flat()).size === partitions) return owners
    }
    await sleep(50)
  }
}

/** Takes the steps one after the other, observes what the group makes of each, and tells it as a timeline. */
export async function demonstrateRebalancing(
  kafka: Kafka,
  topic: string,
  steps: Step[],
  crew: Crew,
): Promise<RebalanceTimeline> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const partitions = (await admin.fetchTopicOffsets(topic)).length
    const members = new Map<string, Member>()
    const names = new Map<string, string>()
    const moments: Moment[] = []
    for (const step of steps) {
      const began = Date.now()
      if (step.does === 'join') {
        const member = crew.start(step.member, crew.group)
        members.set(step.member, member)
        names.set(await member.joined(), step.member)
      } else if (step.does === 'leave') {
        await members.get(step.member)?.leave()
      } else {
        await members.get(step.member)?.kill()
      }
      const owners = await settled(admin, crew.group, topic, partitions, names)
      moments.push({ step, owners, tookMs: Date.now() - began })
    }

    const sent = await crew.sendRest()
    for (;;) {
      const times = new Map<string, number>()
      for (const said of crew.heard) {
        if (said.what !== 'handled') continue
        const record = `${said.partition}:${said.offset}`
        times.set(record, (times.get(record) ?? 0) + 1)
      }
      if (times.size >= sent) {
        const duplicates = [...times].filter(([, n]) => n > 1).map(([record]) => record)
        return { moments, handled: times.size, duplicates }
      }
      await sleep(50)
    }
  } finally {
    await admin.disconnect()
  }
}
