// Wrong idea: one round is enough, if only what moves is given up.

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
  const assignment: Assignment = Object.fromEntries(members.map(({ id }) => [id, []]))
  for (const [topic, partitions] of Object.entries(topics)) {
    const ids = subscribersOf(topic, members)
    let partition = 0
    ids.forEach((id, place) => {
      const share = Math.floor(partitions / ids.length) + (place < partitions % ids.length ? 1 : 0)
      for (let taken = 0; taken < share; taken++) assignment[id]?.push({ topic, partition: partition++ })
    })
  }
  return assignment
}

export function roundRobin(members: Member[], topics: Record<string, number>): Assignment {
  const assignment: Assignment = Object.fromEntries(members.map(({ id }) => [id, []]))
  const line = [...members].sort(byId)
  for (const topic of Object.keys(topics).sort()) {
    for (let partition = 0; partition < (topics[topic] ?? 0); partition++) {
      const at = line.findIndex((member) => member.topics.includes(topic))
      if (at === -1) continue
      const [owner] = line.splice(at, 1)
      if (!owner) continue
      // Whoever was passed over goes to the end of the line, and the new owner behind them.
      line.push(...line.splice(0, at), owner)
      assignment[owner.id]?.push({ topic, partition })
    }
  }
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
  for (const id of Object.keys(next)) revoked[id] = (prev[id] ?? []).filter((one) => !includes(next[id], one))
  return [{ revoked, owned: next }]
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
