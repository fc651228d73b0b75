// Another way: a consumer that never runs looks at the group, and the assignments are read byte by byte.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, GroupDescription, Kafka } from 'kafkajs'

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

/** What a member was given, read from the bytes: version, topics, and for each its name and its partitions. */
function* assigned(bytes: Buffer | null): Generator<[topic: string, partition: number]> {
  if (bytes === null || bytes.length === 0) return
  const buffer = bytes
  let at = 2
  const int32 = (): number => {
    at += 4
    return buffer.readInt32BE(at - 4)
  }
  for (let topics = int32(); topics > 0; topics--) {
    const end = at + 2 + buffer.readInt16BE(at)
    const topic = buffer.toString('utf8', at + 2, end)
    at = end
    for (let count = int32(); count > 0; count--) yield [topic, int32()]
  }
}

/** Asks again and again, until somebody stops listening or too much time has passed. */
async function* again<T>(ask: () => T | Promise<T>): AsyncGenerator<T> {
  const deadline = performance.now() + 120_000
  while (performance.now() < deadline) {
    yield await ask()
    await sleep(40)
  }
  throw new Error('waited for two minutes, and it did not happen')
}

class Stage {
  readonly #crew: Crew
  readonly #topic: string
  readonly #partitions: number
  /** A consumer that never runs, so that it is no member. It can describe the group all the same. */
  readonly #watcher: Consumer
  readonly #present = new Map<string, Member>()

  constructor(crew: Crew, topic: string, partitions: number, watcher: Consumer) {
    this.#crew = crew
    this.#topic = topic
    this.#partitions = partitions
    this.#watcher = watcher
  }

  async play(step: Step): Promise<Moment> {
    const began = performance.now()
    await this.#act(step)
    for await (const group of again(() => this.#watcher.describeGroup())) {
      const owners = this.#owners(group)
      if (owners) return { step, owners, tookMs: Math.round(performance.now() - began) }
    }
    throw new Error('unreachable')
  }

  async #act({ does, member: name }: Step): Promise<void> {
    if (does === 'join') {
      this.#present.set(name, this.#crew.start(name, this.#crew.group))
      return
    }
    const member = this.#present.get(name)
    if (!member) throw new Error(`${name} cannot ${does}: it is not here`)
    this.#present.delete(name)
    await (does === 'leave' ? member.leave() : member.kill())
  }

  /** Who owns what, when exactly those who are present are in the group and nothing is without an owner. */
  #owners({ state, members }: GroupDescription): Record<string, number[]> | undefined {
    if (this.#present.size === 0) return members.length === 0 ? {} : undefined
    if (state !== 'Stable' || members.length !== this.#present.size) return undefined
    const names = new Map<string, string>()
    for (const said of this.#crew.heard) if (said.what === 'joined') names.set(said.memberId, said.member)
    const owners = new Map<string, number[]>()
    for (const { memberId, memberAssignment } of members) {
      const name = names.get(memberId)
      if (name === undefined || !this.#present.has(name)) return undefined
      const own: number[] = []
      for (const [topic, partition] of assigned(memberAssignment))
        if (topic === this.#topic) own.push(partition)
      owners.set(
        name,
        own.sort((a, b) => a - b),
      )
    }
    const covered = new Set([...owners.values()].flat())
    return owners.size === this.#present.size && covered.size === this.#partitions
      ? Object.fromEntries(owners)
      : undefined
  }

  async finish(): Promise<Omit<RebalanceTimeline, 'moments'>> {
    const sent = await this.#crew.sendRest()
    for await (const times of again(() => this.#times())) {
      if (times.size < sent) continue
      return { handled: times.size, duplicates: [...times].flatMap(([record, n]) => (n > 1 ? [record] : [])) }
    }
    throw new Error('unreachable')
  }

  #times(): Map<string, number> {
    const times = new Map<string, number>()
    for (const said of this.#crew.heard) {
      if (said.what !== 'handled') continue
      const record = `${said.partition}:${said.offset}`
      times.set(record, (times.get(record) ?? 0) + 1)
    }
    return times
  }
}

async function countPartitions(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics.find(({ name }) => name === topic)?.partitions.length ?? 0
  } finally {
    await admin.disconnect()
  }
}

/** Takes the steps one after the other, observes what the group makes of each, and tells it as a timeline. */
export async function demonstrateRebalancing(
  kafka: Kafka,
  topic: string,
  steps: Step[],
  crew: Crew,
): Promise<RebalanceTimeline> {
  const watcher = kafka.consumer({ groupId: crew.group })
  await watcher.connect()
  try {
    const stage = new Stage(crew, topic, await countPartitions(kafka, topic), watcher)
    const moments: Moment[] = []
    for (const step of steps) moments.push(await stage.play(step))
    return { moments, ...(await stage.finish()) }
  } finally {
    await watcher.disconnect()
  }
}
