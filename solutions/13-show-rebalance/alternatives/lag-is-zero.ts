// Another way: a class, states compared twice, and the end is when the group has no lag any more.

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
  const demonstration = new Demonstration(kafka.admin(), topic, crew)
  return demonstration.run(steps)
}

class Demonstration {
  private readonly members = new Map<string, { member: Member; id: string }>()
  private readonly admin: Admin
  private readonly topic: string
  private readonly crew: Crew

  constructor(admin: Admin, topic: string, crew: Crew) {
    this.admin = admin
    this.topic = topic
    this.crew = crew
  }

  async run(steps: Step[]): Promise<RebalanceTimeline> {
    await this.admin.connect()
    const moments: Moment[] = []
    for (const step of steps) moments.push(await this.take(step))
    await this.crew.sendRest()
    await this.caughtUp()
    await this.admin.disconnect()
    return { moments, ...this.deliveries() }
  }

  private async take(step: Step): Promise<Moment> {
    const startedAt = Date.now()
    const { group } = this.crew
    if (step.does === 'join') {
      const member = this.crew.start(step.member, group)
      this.members.set(step.member, { member, id: await member.joined() })
    } else {
      const known = this.members.get(step.member)
      this.members.delete(step.member)
      if (step.does === 'leave') await known?.member.leave()
      else await known?.member.kill()
    }
    let [before, now] = [await this.share(), await this.share()]
    while (now === null || before === null || JSON.stringify(before) !== JSON.stringify(now)) {
      await sleep(40)
      before = now
      now = await this.share()
    }
    return { step, owners: now, tookMs: Date.now() - startedAt }
  }

  /** Who owns what, in the order in which they came; null while somebody is missing, or is there and should not be. */
  private async share(): Promise<Record<string, number[]> | null> {
    const [group] = (await this.admin.describeGroups([this.crew.group])).groups
    if (group?.state !== 'Stable' || group.members.length !== this.members.size) return null
    const owners: Record<string, number[]> = {}
    for (const [name, { id }] of this.members) {
      const found = group.members.find(({ memberId }) => memberId === id)
      if (!found) return null
      const { assignment = {} } = AssignerProtocol.MemberAssignment.decode(found.memberAssignment) ?? {}
      owners[name] = assignment[this.topic] ?? []
    }
    return owners
  }

  private async caughtUp(): Promise<void> {
    for (;;) {
      const ends = await this.admin.fetchTopicOffsets(this.topic)
      const [commits] = await this.admin.fetchOffsets({ groupId: this.crew.group, topics: [this.topic] })
      const isDone = (partition: number, high: string) =>
        commits?.partitions.some((one) => one.partition === partition && one.offset === high)
      if (ends.every(({ partition, high }) => isDone(partition, high))) return
      await sleep(40)
    }
  }

  private deliveries(): { handled: number; duplicates: string[] } {
    const once = new Set<string>()
    const twice = new Set<string>()
    for (const one of this.crew.heard) {
      if (one.what === 'joined') continue
      const place = `${one.partition}:${one.offset}`
      if (once.has(place)) twice.add(place)
      once.add(place)
    }
    return { handled: once.size, duplicates: [...twice] }
  }
}
