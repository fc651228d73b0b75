// Another right way: no loop over members carries anything along; every partition works out its own owner.

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

/** Which of the members owns a partition: the first `larger` of them have a run of `share + 1`, the others of `share`. */
function ownerInRuns(partition: number, partitions: number, members: number): number {
  const share = Math.floor(partitions / members)
  const larger = partitions % members
  const inLargerRuns = larger * (share + 1)
  if (partition < inLargerRuns) return Math.floor(partition / (share + 1))
  return larger + Math.floor((partition - inLargerRuns) / share)
}

export function range(members: Member[], topics: Record<string, number>): Assignment {
  const owned = partitionsOf(topics).map((one) => {
    const ids = subscribersOf(one.topic, members)
    return { ...one, owner: ids[ownerInRuns(one.partition, topics[one.topic] ?? 0, ids.length)] }
  })
  return Object.fromEntries(members.map(({ id }) => [id, owned.filter(({ owner }) => owner === id)]))
}

/** The first subscriber of the topic at or after a place in the ring, as a place; -1 when nobody reads it. */
function nextReader(ring: Member[], from: number, topic: string): number {
  const offset = ring.findIndex((_, step) => ring[(from + step) % ring.length]?.topics.includes(topic))
  return offset === -1 ? -1 : (from + offset) % ring.length
}

export function roundRobin(members: Member[], topics: Record<string, number>): Assignment {
  const ring = [...members].sort(byId)
  const sorted = partitionsOf(topics).sort((a, b) => (a.topic === b.topic ? 0 : a.topic < b.topic ? -1 : 1))
  const { assignment } = sorted.reduce<{ assignment: Assignment; place: number }>(
    ({ assignment, place }, one) => {
      const reader = nextReader(ring, place, one.topic)
      const id = ring[reader]?.id
      if (id === undefined) return { assignment, place }
      return { assignment: { ...assignment, [id]: [...(assignment[id] ?? []), one] }, place: reader + 1 }
    },
    { assignment: Object.fromEntries(members.map(({ id }) => [id, []])), place: 0 },
  )
  return assignment
}

export function simulate(
  events: GroupEvent[],
  topics: Record<string, number>,
  sessionTimeoutMs: number,
  strategy: Strategy,
): Change[] {
  const groups: Record<string, string[]> = {}
  const changes: Change[] = []
  const noticed = events.map((event) => ({
    ...event,
    at: event.type === 'fail' ? event.at + sessionTimeoutMs : event.at,
  }))
  for (const { at, type, group, member } of noticed.sort((a, b) => a.at - b.at)) {
    const others = (groups[group] ?? []).filter((id) => id !== member)
    const ids = type === 'join' ? [...others, member] : others
    groups[group] = ids
    changes.push({ at, group, assignment: assignmentOf(ids, topics, strategy) })
  }
  return changes
}

export function eager(prev: Assignment, next: Assignment): Round[] {
  return [{ revoked: { ...prev }, owned: next }]
}

export function cooperative(prev: Assignment, next: Assignment): Round[] {
  const revoked: Assignment = {}
  const waiting: TopicPartition[] = []
  for (const id of Object.keys(next)) {
    const given = (prev[id] ?? []).filter((one) => !includes(next[id], one))
    revoked[id] = given
    waiting.push(...given)
  }
  if (waiting.length === 0) return [{ revoked, owned: next }]
  const owned: Assignment = {}
  for (const [id, target] of Object.entries(next)) owned[id] = target.filter((one) => !includes(waiting, one))
  return [
    { revoked, owned },
    { revoked: {}, owned: next },
  ]
}

export function sticky(members: Member[], topics: Record<string, number>, prev: Assignment): Assignment {
  const all = partitionsOf(topics)
  const ids = members.map(({ id }) => id).sort((a, b) => (prev[b]?.length ?? 0) - (prev[a]?.length ?? 0))
  const next: Assignment = {}
  ids.forEach((id, place) => {
    const share = Math.floor(all.length / ids.length) + (place < all.length % ids.length ? 1 : 0)
    next[id] = all.filter((one) => includes(prev[id], one)).slice(0, share)
  })
  const taken = Object.values(next).flat()
  for (const one of all) {
    if (includes(taken, one)) continue
    const [least] = Object.values(next).sort((a, b) => a.length - b.length)
    least?.push(one)
  }
  return next
}

function subscribersOf(topic: string, members: Member[]): string[] {
  const subscribers = members.filter((member) => member.topics.includes(topic))
  return subscribers.sort(byId).map(({ id }) => id)
}

function byId(one: Member, other: Member): number {
  if (one.id === other.id) return 0
  return one.id < other.id ? -1 : 1
}

function assignmentOf(ids: string[], topics: Record<string, number>, strategy: Strategy): Assignment {
  const members = ids.map((id) => ({ id, topics: Object.keys(topics) }))
  return strategy === 'range' ? range(members, topics) : roundRobin(members, topics)
}

function partitionsOf(topics: Record<string, number>): TopicPartition[] {
  return Object.entries(topics).flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => ({ topic, partition })),
  )
}

function includes(list: TopicPartition[] | undefined, one: TopicPartition): boolean {
  return list?.some(({ topic, partition }) => topic === one.topic && partition === one.partition) ?? false
}
