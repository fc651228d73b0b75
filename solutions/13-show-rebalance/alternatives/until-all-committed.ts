// Another way: after each step everybody says GROUP_JOIN anew, and the end is when everything is committed.

import type { Kafka } from 'kafkajs'

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

/** Looks every 25 ms, until there is something to see. */
const until = <T>(look: () => Promise<T | undefined>): Promise<T> =>
  look().then<T>((seen) =>
    seen === undefined
      ? new Promise<void>((resolve) => setTimeout(resolve, 25)).then(() => until(look))
      : seen,
  )

/** The newest word of each of these members since the group was disturbed, or nothing if one has not spoken yet. */
const shares = (heard: Heard[], present: ReadonlySet<string>): Record<string, number[]> | undefined => {
  const newest: Record<string, number[]> = {}
  for (const said of heard) {
    if (said.what !== 'joined' || !present.has(said.member)) continue
    newest[said.member] = [...said.partitions].sort((a, b) => a - b)
  }
  return Object.keys(newest).length === present.size ? newest : undefined
}

/** Takes the steps one after the other, observes what the group makes of each, and tells it as a timeline. */
export async function demonstrateRebalancing(
  kafka: Kafka,
  topic: string,
  steps: Step[],
  crew: Crew,
): Promise<RebalanceTimeline> {
  const admin = kafka.admin()
  const started: Record<string, Member> = {}

  const member = (name: string): Member => {
    const known = started[name]
    if (!known) throw new Error(`${name} was never started`)
    return known
  }
  const acts: Record<Step['does'], (name: string) => Promise<unknown>> = {
    join: (name) => {
      started[name] = crew.start(name, crew.group)
      return member(name).joined()
    },
    leave: (name) => member(name).leave(),
    crash: (name) => member(name).kill(),
  }

  // Who is there after the first step, after the second, ... is known before anything happens.
  const present: ReadonlySet<string>[] = steps.map((_, last) =>
    steps.slice(0, last + 1).reduce((names, { does, member: name }) => {
      if (does === 'join') names.add(name)
      else names.delete(name)
      return names
    }, new Set<string>()),
  )

  // kafkajs rejoins with everybody in every rebalance. So after each step everybody who is left says GROUP_JOIN anew,
  // and the group has settled when what they say is the whole topic, each partition once.
  const take = (step: Step, who: ReadonlySet<string>, partitions: number): Promise<Moment> => {
    const since = crew.heard.length
    const began = Date.now()
    return acts[step.does](step.member)
      .then(() =>
        until(async () => {
          const owners = shares(crew.heard.slice(since), who)
          const owned = Object.values(owners ?? {}).flat()
          return owned.length === partitions && new Set(owned).size === partitions ? owners : undefined
        }),
      )
      .then((owners) => ({ step, owners, tookMs: Date.now() - began }))
  }

  const handled = (): string[] =>
    crew.heard.flatMap((said) => (said.what === 'handled' ? [`${said.partition}:${said.offset}`] : []))

  /** Nothing is on its way a second time when the group has committed all there is. */
  const allCommitted = async (): Promise<true | undefined> => {
    const ends = await admin.fetchTopicOffsets(topic)
    const commits = (await admin.fetchOffsets({ groupId: crew.group, topics: [topic] })).flatMap(
      (t) => t.partitions,
    )
    const ready = ends.every(
      ({ partition, high, low }) =>
        high === low || commits.some((commit) => commit.partition === partition && commit.offset === high),
    )
    return ready || undefined
  }

  return admin
    .connect()
    .then(() => admin.fetchTopicOffsets(topic))
    .then(({ length }) =>
      steps.reduce<Promise<Moment[]>>(
        (told, step, i) =>
          told.then((moments) =>
            take(step, present[i] ?? new Set<string>(), length).then((moment) => [...moments, moment]),
          ),
        Promise.resolve([]),
      ),
    )
    .then((moments) =>
      crew
        .sendRest()
        .then((sent) => until(async () => (new Set(handled()).size >= sent ? true : undefined)))
        .then(() => until(allCommitted))
        .then(() => {
          const all = handled()
          return {
            moments,
            handled: new Set(all).size,
            duplicates: [...new Set(all.filter((record, i) => all.indexOf(record) !== i))],
          }
        }),
    )
    .finally(() => admin.disconnect())
}
