// Another way: everything is a table from partition to owner; an assignment is such a table, turned round.

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

/** Partition to owner. A partition is one text, `orders/3`: a topic name has no slash in it. */
type Table = Map<string, string>

const write = (topic: string, partition: number): string => `${topic}/${partition}`

const parse = (text: string): TopicPartition => {
  const slash = text.lastIndexOf('/')
  return { topic: text.slice(0, slash), partition: Number(text.slice(slash + 1)) }
}

const ids = (members: Member[]): string[] => members.map((member) => member.id).toSorted()

/** Only those that are asked for; and every one of them, even when it owns nothing. */
function toAssignment(owners: Table, members: Iterable<string>): Assignment {
  const rows = new Map(Array.from(members, (id): [string, TopicPartition[]] => [id, []]))
  for (const [text, id] of owners) rows.get(id)?.push(parse(text))
  return Object.fromEntries(rows)
}

function toTable(assignment: Assignment): Table {
  return new Map(
    Object.entries(assignment).flatMap(([id, owned]) =>
      owned.map(({ topic, partition }): [string, string] => [write(topic, partition), id]),
    ),
  )
}

/** Who has subscribed to a topic, in line. */
function subscribers(
  members: Member[],
  topics: Record<string, number>,
): [topic: string, size: number, line: string[]][] {
  return Object.entries(topics)
    .map(([topic, size]): [string, number, string[]] => [
      topic,
      size,
      ids(members.filter((member) => new Set(member.topics).has(topic))),
    ])
    .filter(([, , line]) => line.length > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

export function range(members: Member[], topics: Record<string, number>): Assignment {
  const owners: Table = new Map()
  for (const [topic, size, line] of subscribers(members, topics)) {
    const short = Math.trunc(size / line.length)
    const long = short + 1
    const longRuns = size % line.length
    for (let p = 0; p < size; p++) {
      // Asked from the side of the partition: in which run does it lie?
      const inLong = p < longRuns * long
      const run = inLong ? Math.trunc(p / long) : longRuns + Math.trunc((p - longRuns * long) / short)
      owners.set(write(topic, p), line[run] ?? '')
    }
  }
  return toAssignment(owners, ids(members))
}

export function roundRobin(members: Member[], topics: Record<string, number>): Assignment {
  const everybody = ids(members)
  const owners: Table = new Map()
  let turn = 0
  for (const [topic, size, line] of subscribers(members, topics)) {
    const may = new Set(line)
    for (let p = 0; p < size; p++, turn++) {
      while (!may.has(everybody[turn % everybody.length] ?? '')) turn++
      owners.set(write(topic, p), everybody[turn % everybody.length] ?? '')
    }
  }
  return toAssignment(owners, everybody)
}

/** What the coordinators notice, and when. A crash waits in `silent` until the clock has passed the end of its session. */
function* noticed(events: GroupEvent[], sessionTimeoutMs: number): Generator<GroupEvent> {
  const silent: GroupEvent[] = []
  for (const event of events) {
    while (silent[0] !== undefined && silent[0].at < event.at) yield silent.shift() as GroupEvent
    if (event.type !== 'fail') yield event
    // All sessions have the same length, so the queue stays in order of time.
    else silent.push({ ...event, at: event.at + sessionTimeoutMs })
  }
  yield* silent
}

export function simulate(
  events: GroupEvent[],
  topics: Record<string, number>,
  sessionTimeoutMs: number,
  strategy: Strategy,
): Change[] {
  const assign = { range, roundrobin: roundRobin }[strategy]
  const subscribed = Object.keys(topics)
  const changes: Change[] = []
  let world: ReadonlyMap<string, readonly Member[]> = new Map()
  for (const { at, type, group, member } of noticed(events, sessionTimeoutMs)) {
    const others = (world.get(group) ?? []).filter(({ id }) => id !== member)
    const now = type === 'join' ? [...others, { id: member, topics: subscribed }] : others
    world = new Map([...world, [group, now]])
    changes.push({ at, group, assignment: assign([...now], topics) })
  }
  return changes
}

/** The table as the members of `next` know it when they begin: the partitions of those who have gone have no owner. */
function before(prev: Assignment, next: Assignment): Table {
  return new Map([...toTable(prev)].filter(([, id]) => Object.hasOwn(next, id)))
}

export function eager(prev: Assignment, next: Assignment): Round[] {
  const members = Object.keys(next)
  return [{ revoked: toAssignment(before(prev, next), members), owned: toAssignment(toTable(next), members) }]
}

export function cooperative(prev: Assignment, next: Assignment): Round[] {
  const members = Object.keys(next)
  const [old, wanted] = [before(prev, next), toTable(next)]
  const moves: Table = new Map([...old].filter(([text, id]) => wanted.get(text) !== id))
  const settled: Table = new Map([...wanted].filter(([text]) => !moves.has(text)))

  const round = (revoked: Table, owned: Table): Round => ({
    revoked: toAssignment(revoked, members),
    owned: toAssignment(owned, members),
  })
  const one = round(moves, settled)
  return moves.size === 0 ? [one] : [one, round(new Map(), wanted)]
}

export function sticky(members: Member[], topics: Record<string, number>, prev: Assignment): Assignment {
  const everybody = ids(members)
  if (everybody.length === 0) return {}
  const past = toTable(prev)
  const all = Object.entries(topics).flatMap(([topic, size]) =>
    Array.from({ length: size }, (_, p) => write(topic, p)),
  )

  // First everybody keeps what it had, then what has no owner goes to whoever has least, then the longest list gives to
  // the shortest one until they differ by one at most. Nothing is given away that could have stayed.
  const lists = new Map(everybody.map((id): [string, string[]] => [id, []]))
  const shortest = () => [...lists.values()].reduce((a, b) => (b.length < a.length ? b : a))
  const longest = () => [...lists.values()].reduce((a, b) => (b.length > a.length ? b : a))

  const homeless = all.filter((text) => {
    const list = lists.get(past.get(text) ?? '')
    list?.push(text)
    return list === undefined
  })
  for (const text of homeless) shortest().push(text)
  while (longest().length - shortest().length > 1) {
    // What was dealt out just now lies at the end, and goes first: it has to move in any case.
    shortest().push(longest().pop() as string)
  }
  return toAssignment(
    new Map([...lists].flatMap(([id, list]) => list.map((text): [string, string] => [text, id]))),
    everybody,
  )
}
