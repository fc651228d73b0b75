export interface TopicPartition {
  topic: string
  partition: number
}

export interface Member {
  id: string
  topics: string[]
}

export type Assignment = Record<string, TopicPartition[]>

export interface Round {
  revoked: Assignment
  owned: Assignment
}

export interface GroupEvent {
  at: number
  type: 'join' | 'leave' | 'fail'
  group: string
  member: string
}

export interface Change {
  at: number
  group: string
  assignment: Assignment
}

export type Strategy = 'range' | 'roundrobin'

export function range(members: Member[], topics: Record<string, number>): Assignment {
  const assignment = emptyFor(members)
  for (const [topic, partitions] of Object.entries(topics)) {
    const readers = inLine(members).filter((member) => member.topics.includes(topic))
    const share = Math.floor(partitions / readers.length)
    const withOneMore = partitions % readers.length
    let next = 0
    for (const [place, { id }] of readers.entries()) {
      const end = next + share + (place < withOneMore ? 1 : 0)
      while (next < end) assignment[id]?.push({ topic, partition: next++ })
    }
  }
  return assignment
}

export function roundRobin(members: Member[], topics: Record<string, number>): Assignment {
  const assignment = emptyFor(members)
  const line = inLine(members)
  // The place in the line outlives a topic: this is what makes the totals more even than those of range.
  let place = 0
  for (const one of everyPartition(topics)) {
    if (!line.some((member) => member.topics.includes(one.topic))) continue
    while (!line[place % line.length]?.topics.includes(one.topic)) place++
    const owner = line[place++ % line.length] as Member
    assignment[owner.id]?.push(one)
  }
  return assignment
}

export function simulate(
  events: GroupEvent[],
  topics: Record<string, number>,
  sessionTimeoutMs: number,
  strategy: Strategy,
): Change[] {
  const assign = strategy === 'range' ? range : roundRobin
  const groups = new Map<string, Set<string>>()
  // The coordinator does not see a failure. It sees that no heartbeat has come for the length of a session.
  const noticedAt = ({ at, type }: GroupEvent) => (type === 'fail' ? at + sessionTimeoutMs : at)
  const asNoticed = events.toSorted((one, other) => noticedAt(one) - noticedAt(other))

  return asNoticed.map((event) => {
    const ids = groups.get(event.group) ?? new Set()
    groups.set(event.group, ids)
    if (event.type === 'join') ids.add(event.member)
    else ids.delete(event.member)
    const members = [...ids].map((id) => ({ id, topics: Object.keys(topics) }))
    return { at: noticedAt(event), group: event.group, assignment: assign(members, topics) }
  })
}

export function eager(prev: Assignment, next: Assignment): Round[] {
  return [{ revoked: forMembersOf(next, (id) => prev[id] ?? []), owned: next }]
}

export function cooperative(prev: Assignment, next: Assignment): Round[] {
  // Only members that are still there can give something up; what a departed one had is free.
  const ownerBefore = new Map(
    Object.keys(next).flatMap((id) => (prev[id] ?? []).map((one) => [textOf(one), id] as const)),
  )
  const ownerAfter = new Map(
    Object.entries(next).flatMap(([id, owned]) => owned.map((one) => [textOf(one), id])),
  )
  const staysOrIsFree = (id: string, one: TopicPartition) => (ownerBefore.get(textOf(one)) ?? id) === id

  const first: Round = {
    revoked: forMembersOf(next, (id) => (prev[id] ?? []).filter((one) => ownerAfter.get(textOf(one)) !== id)),
    owned: forMembersOf(next, (id) => next[id]?.filter((one) => staysOrIsFree(id, one)) ?? []),
  }
  // A member hears of its new assignment at the end of a round. Only then does it know what to give up, and only when
  // it has done so, and joined again, can somebody else be given it.
  const somethingMoves = Object.values(first.revoked).some((given) => given.length > 0)
  return somethingMoves ? [first, { revoked: forMembersOf(next, () => []), owned: next }] : [first]
}

export function sticky(members: Member[], topics: Record<string, number>, prev: Assignment): Assignment {
  const assignment = emptyFor(members)
  if (members.length === 0) return assignment
  const all = everyPartition(topics)
  const share = Math.floor(all.length / members.length)
  let withOneMore = all.length % members.length

  // First everybody keeps what fits into its share. Some may keep one more: as many as must have one more in the end.
  for (const { id } of members) {
    const mine = all.filter((one) => prev[id]?.some((before) => textOf(before) === textOf(one)))
    const keepsOneMore = mine.length > share && withOneMore > 0
    if (keepsOneMore) withOneMore -= 1
    assignment[id] = mine.slice(0, keepsOneMore ? share + 1 : share)
  }
  // Then whoever has least gets the next of the rest: this fills all to their share before anybody gets one more.
  const kept = new Set(Object.values(assignment).flat().map(textOf))
  for (const one of all.filter((candidate) => !kept.has(textOf(candidate)))) {
    const least = Object.values(assignment).reduce((a, b) => (b.length < a.length ? b : a))
    least.push(one)
  }
  return assignment
}

/** By code unit, as Java compares strings. Everybody who computes it gets the same line, whoever came first. */
function inLine(members: Member[]): Member[] {
  return members.toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

function everyPartition(topics: Record<string, number>): TopicPartition[] {
  const names = Object.keys(topics).sort()
  return names.flatMap((topic) =>
    Array.from({ length: topics[topic] ?? 0 }, (_, partition) => ({ topic, partition })),
  )
}

function emptyFor(members: Member[]): Assignment {
  return Object.fromEntries(members.map(({ id }) => [id, []]))
}

function forMembersOf(assignment: Assignment, owned: (id: string) => TopicPartition[]): Assignment {
  return Object.fromEntries(Object.keys(assignment).map((id) => [id, owned(id)]))
}

function textOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}
