// Written from the page alone. First verdict: failed, mistake free-partitions-wait.
// Wrong: in `cooperative`, only what had no owner at all in `prev` is handed out in the first round, so the partitions of a member that has gone (they are free by the page) wait for a second round, and a second round is taken although nobody gave anything up.
export interface TopicPartition {
  topic: string
  partition: number
}

/** A member of a group, and the topics that it has subscribed to. */
export interface Member {
  id: string
  topics: string[]
}

/** What each member owns, by its id. Every member has a list; that of an idle member is empty. */
export type Assignment = Record<string, TopicPartition[]>

/** One round of a rebalance: everybody joins, and everybody hears what it owns from now on. */
export interface Round {
  /** What each member gives up in this round. A member that gives up nothing may be left out. */
  revoked: Assignment
  /** What each member owns when the round is over. */
  owned: Assignment
}

/** Something that happened to a member, `at` in milliseconds. */
export interface GroupEvent {
  at: number
  type: 'join' | 'leave' | 'fail'
  group: string
  member: string
}

/** What the members of a group own from now on. */
export interface Change {
  at: number
  group: string
  assignment: Assignment
}

export type Strategy = 'range' | 'roundrobin'

const keyOf = (tp: TopicPartition): string => `${tp.topic}:${tp.partition}`

const byId = (a: Member, b: Member): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Topic by topic, every subscribed member gets a run of neighbours; the first ones get one more if it does not divide. */
export function range(members: Member[], topics: Record<string, number>): Assignment {
  const sorted = [...members].sort(byId)
  const result: Assignment = Object.fromEntries(sorted.map((m) => [m.id, []]))
  for (const topic of Object.keys(topics).sort()) {
    const readers = sorted.filter((m) => m.topics.includes(topic))
    if (readers.length === 0) continue
    const count = topics[topic] ?? 0
    const each = Math.floor(count / readers.length)
    const extra = count % readers.length
    let partition = 0
    readers.forEach((reader, i) => {
      for (let n = each + (i < extra ? 1 : 0); n > 0; n--)
        result[reader.id]?.push({ topic, partition: partition++ })
    })
  }
  return result
}

/** All partitions of all topics in one line, dealt out one by one; who is not subscribed to a topic is passed over. */
export function roundRobin(members: Member[], topics: Record<string, number>): Assignment {
  const sorted = [...members].sort(byId)
  const result: Assignment = Object.fromEntries(sorted.map((m) => [m.id, []]))
  let i = 0
  for (const topic of Object.keys(topics).sort()) {
    if (!sorted.some((m) => m.topics.includes(topic))) continue
    for (let partition = 0; partition < (topics[topic] ?? 0); partition++) {
      while (!sorted[i % sorted.length]?.topics.includes(topic)) i++
      const member = sorted[i++ % sorted.length]
      if (member) result[member.id]?.push({ topic, partition })
    }
  }
  return result
}

/**
 * The assignments of all groups over time: one change for each event, in order of time. All members read all topics. A
 * failed member is missed `sessionTimeoutMs` after it failed.
 */
export function simulate(
  events: GroupEvent[],
  topics: Record<string, number>,
  sessionTimeoutMs: number,
  strategy: Strategy,
): Change[] {
  const assign = strategy === 'range' ? range : roundRobin
  const groups: Record<string, Member[]> = {}
  const timeline = events
    .map((e) => ({ ...e, at: e.type === 'fail' ? e.at + sessionTimeoutMs : e.at }))
    .sort((a, b) => a.at - b.at)
  return timeline.map(({ at, type, group, member }) => {
    const rest = (groups[group] ?? []).filter((m) => m.id !== member)
    const now = type === 'join' ? [...rest, { id: member, topics: Object.keys(topics) }] : rest
    groups[group] = now
    return { at, group, assignment: assign(now, topics) }
  })
}

/** How the members of `next` get there from `prev` by the eager protocol: everybody gives up everything first. */
export function eager(prev: Assignment, next: Assignment): Round[] {
  const revoked: Assignment = {}
  for (const id of Object.keys(next)) revoked[id] = [...(prev[id] ?? [])]
  return [{ revoked, owned: next }]
}

/** How the members of `next` get there from `prev` by the cooperative protocol: only what moves is given up. */
export function cooperative(prev: Assignment, next: Assignment): Round[] {
  const ownedBefore = new Set(Object.values(prev).flat().map(keyOf))
  const revoked: Assignment = {}
  const owned: Assignment = {}
  let waiting = false
  for (const [id, target] of Object.entries(next)) {
    const had = prev[id] ?? []
    const hadKeys = new Set(had.map(keyOf))
    const targetKeys = new Set(target.map(keyOf))
    revoked[id] = had.filter((tp) => !targetKeys.has(keyOf(tp)))
    // What somebody owned before can be handed out only after the round in which it was given up.
    owned[id] = target.filter((tp) => hadKeys.has(keyOf(tp)) || !ownedBefore.has(keyOf(tp)))
    if (revoked[id].length > 0 || owned[id].length < target.length) waiting = true
  }
  return waiting
    ? [
        { revoked, owned },
        { revoked: {}, owned: next },
      ]
    : [{ revoked, owned }]
}

/** Stretch: an even assignment that moves as few partitions as possible, for members that all read all topics. */
export function sticky(members: Member[], topics: Record<string, number>, prev: Assignment): Assignment {
  const all = Object.entries(topics).flatMap(([topic, n]) =>
    Array.from({ length: n }, (_, partition) => ({ topic, partition })),
  )
  const free = new Map(all.map((tp) => [keyOf(tp), tp]))
  const kept = members.map(({ id }) => ({
    id,
    list: (prev[id] ?? []).filter((tp) => free.delete(keyOf(tp))),
  }))
  kept.sort((a, b) => b.list.length - a.list.length)
  const each = Math.floor(all.length / members.length)
  const extra = all.length % members.length
  const sizes = kept.map((_, i) => each + (i < extra ? 1 : 0))
  kept.forEach(({ list }, i) => {
    for (const tp of list.splice(sizes[i] ?? 0)) free.set(keyOf(tp), tp)
  })
  const rest = [...free.values()]
  return Object.fromEntries(
    kept.map(({ id, list }, i) => [id, [...list, ...rest.splice(0, (sizes[i] ?? 0) - list.length)]]),
  )
}
