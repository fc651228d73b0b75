// Another right way: groups and partitions as objects. A group knows its members; a partition is a line of text.

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

class Group {
  private readonly ids = new Set<string>()
  private readonly topics: Record<string, number>
  private readonly strategy: Strategy

  constructor(topics: Record<string, number>, strategy: Strategy) {
    this.topics = topics
    this.strategy = strategy
  }

  after({ type, member }: GroupEvent): Assignment {
    if (type === 'join') this.ids.add(member)
    else this.ids.delete(member)
    return assignmentOf([...this.ids], this.topics, this.strategy)
  }
}

export function simulate(
  events: GroupEvent[],
  topics: Record<string, number>,
  sessionTimeoutMs: number,
  strategy: Strategy,
): Change[] {
  const groups = new Map<string, Group>()
  const agenda = [...events]
  const changes: Change[] = []
  while (agenda.length > 0) {
    agenda.sort((a, b) => a.at - b.at)
    const event = agenda.shift() as GroupEvent
    if (event.type === 'fail') {
      // Nothing is seen of it now. When the session is over, it looks like a member that has left.
      agenda.push({ ...event, type: 'leave', at: event.at + sessionTimeoutMs })
      continue
    }
    const group = groups.get(event.group) ?? new Group(topics, strategy)
    groups.set(event.group, group)
    changes.push({ at: event.at, group: event.group, assignment: group.after(event) })
  }
  return changes
}

export function eager(prev: Assignment, next: Assignment): Round[] {
  const stillThere = Object.entries(prev).filter(([id]) => id in next)
  return [{ revoked: Object.fromEntries(stillThere), owned: next }]
}

/** Plays the rounds as members do: a partition is handed out when nobody owns it, until all have what they should. */
export function cooperative(prev: Assignment, next: Assignment): Round[] {
  const rounds: Round[] = []
  let owned: Assignment = Object.fromEntries(Object.keys(next).map((id) => [id, prev[id] ?? []]))
  do {
    const before = owned
    const inUse = Object.values(before).flat()
    owned = {}
    const revoked: Assignment = {}
    for (const [id, target] of Object.entries(next)) {
      owned[id] = target.filter((one) => includes(before[id], one) || !includes(inUse, one))
      revoked[id] = (before[id] ?? []).filter((one) => !includes(target, one))
    }
    rounds.push({ revoked, owned })
  } while (Object.values(rounds.at(-1)?.revoked ?? {}).some((given) => given.length > 0))
  return rounds
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
