import type { Departure, OwnedSpan, Ownership } from '../../result.ts'
import { JoinGroup } from '../protocol/api/11-join-group.ts'
import { LeaveGroup } from '../protocol/api/13-leave-group.ts'
import { SyncGroup } from '../protocol/api/14-sync-group.ts'
import type { RequestOf, ResponseOf } from '../protocol/api.ts'
import { readAssignment } from '../protocol/consumer-protocol.ts'
import type { Exchange, LaneEnd } from './journal.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** What changes who owns what. `got` has partitions by topic. */
type Event = { atMs: number } & (
  | { kind: 'got'; group: string; member: string; lane: string; topics: Map<string, number[]> }
  | { kind: 'gave up' | 'left'; group: string; member: string }
  | { kind: 'lane gone'; lane: string }
)

/**
 * Reads from the journal who owned which partition, and when, for each group and topic. A member owns what its SyncGroup
 * answered, from that answer on, until it joins again (the eager protocol of kafkajs gives everything up first), leaves,
 * its process is gone, or somebody else gets the partition. A group with one member and one assignment has no story.
 * Times count from the first request in the journal, as in the strip.
 */
export function ownership(journal: readonly Exchange[], ends: readonly LaneEnd[]): Ownership[] {
  const startedAtMs = journal[0]?.requestAtMs ?? 0
  const last = journal.reduce((latest, one) => Math.max(latest, one.responseAtMs ?? one.requestAtMs), 0)
  const events = [...journal.flatMap(eventsOf), ...ends.map(laneGone)].sort((a, b) => a.atMs - b.atMs)
  const toMs = Math.max(last, events.at(-1)?.atMs ?? 0)
  const groups = new Map<string, GroupStory>()
  for (const event of events) {
    if (event.kind === 'lane gone')
      for (const group of groups.values()) group.laneGone(event.lane, event.atMs)
    else {
      const group = groups.get(event.group) ?? new GroupStory(event.group)
      groups.set(event.group, group)
      if (event.kind === 'got') group.got(event)
      else if (event.kind === 'left') group.departs(event.member, 'left', event.atMs)
      else group.givesUp(event.member, event.atMs)
    }
  }
  return [...groups.values()]
    .filter((group) => group.assignments > 1)
    .flatMap((group) => group.told(toMs))
    .map((told) => counted(told, startedAtMs))
}

function laneGone({ lane, atMs }: LaneEnd): Event {
  return { kind: 'lane gone', lane, atMs }
}

function eventsOf(exchange: Exchange): Event[] {
  const { lane, requestAtMs, responseAtMs } = exchange
  if (exchange.unread !== undefined) return []
  if (exchange.api === JoinGroup.name) {
    const { groupId, memberId } = exchange.request as RequestOf<typeof JoinGroup>
    return memberId === '' ? [] : [{ kind: 'gave up', group: groupId, member: memberId, atMs: requestAtMs }]
  }
  if (exchange.api === LeaveGroup.name) {
    const { groupId, memberId, members } = exchange.request as RequestOf<typeof LeaveGroup>
    const ids = memberId ? [memberId] : members.map((one) => one.memberId)
    return ids.map((member) => ({ kind: 'left', group: groupId, member, atMs: requestAtMs }))
  }
  if (exchange.api !== SyncGroup.name || responseAtMs === null) return []
  const { groupId, memberId } = exchange.request as RequestOf<typeof SyncGroup>
  const answer = exchange.response as ResponseOf<typeof SyncGroup> | null
  const assigned = answer?.errorCode === 0 ? readAssignment(answer.assignment) : null
  if (assigned === null) return []
  const topics = new Map(assigned.map(({ topic, partitions }) => [topic, partitions]))
  return [{ kind: 'got', group: groupId, member: memberId, lane, topics, atMs: responseAtMs }]
}

/** A time in which `member`, by its id, owned a partition. */
interface Span extends Omit<OwnedSpan, 'owner'> {
  member: string
  open: boolean
}

/** One group: its members, and the spans in which they own partitions, by topic and partition. */
class GroupStory {
  assignments = 0
  private readonly group: string
  private readonly members = new Map<string, { letter: string; lane: string }>()
  private readonly topics = new Map<string, Map<number, Span[]>>()
  private readonly departures: { topic: string; departure: Departure; partitions: number[] }[] = []

  constructor(group: string) {
    this.group = group
  }

  got(event: Extract<Event, { kind: 'got' }>): void {
    this.assignments += 1
    const { member, lane, topics, atMs } = event
    const letter = this.members.get(member)?.letter ?? LETTERS[this.members.size] ?? '?'
    this.members.set(member, { letter, lane })
    this.givesUp(member, atMs)
    for (const [topic, partitions] of topics) {
      for (const partition of partitions) {
        const spans = this.spansOf(topic, partition)
        const before = spans.at(-1)
        if (before?.open) this.departs(before.member, 'expelled', atMs)
        spans.push({ member, fromMs: atMs, toMs: atMs, open: true })
      }
    }
  }

  givesUp(member: string, atMs: number): void {
    for (const { span } of this.owned(member)) Object.assign(span, { open: false, toMs: atMs })
  }

  departs(member: string, how: Departure['how'], atMs: number): void {
    const owned = this.owned(member)
    for (const topic of new Set(owned.map(({ topic }) => topic))) {
      const partitions = owned.flatMap((one) => (one.topic === topic ? [one.partition] : []))
      const departure = { member: this.letterOf(member), how, atMs }
      this.departures.push({ topic, departure, partitions })
    }
    this.givesUp(member, atMs)
  }

  laneGone(lane: string, atMs: number): void {
    for (const [id, member] of this.members) if (member.lane === lane) this.departs(id, 'gone', atMs)
  }

  /** The whole story, one for each topic; spans that are still open end at `toMs`. */
  told(toMs: number): Ownership[] {
    return [...this.topics].map(([topic, partitions]) => {
      const all = [...partitions].sort(([a], [b]) => a - b)
      const closed = all.map(([partition, spans]) => ({
        partition,
        spans: spans.map(({ member, fromMs, ...span }) => ({
          owner: this.letterOf(member),
          fromMs,
          toMs: span.open ? toMs : span.toMs,
        })),
      }))
      const departures = this.departures
        .filter((one) => one.topic === topic)
        .map(({ departure, partitions: left }) => {
          const gaps = left.map((partition) => gapAfter(partitions.get(partition) ?? [], departure.atMs))
          return gaps.includes(null)
            ? departure
            : { ...departure, unownedMs: Math.max(...(gaps as number[])) }
        })
      const fromMs = Math.min(...closed.flatMap(({ spans }) => spans.map((span) => span.fromMs)))
      return {
        group: this.group,
        topic,
        fromMs,
        toMs,
        members: [...this.members.values()],
        partitions: closed,
        departures,
      }
    })
  }

  private spansOf(topic: string, partition: number): Span[] {
    const partitions = this.topics.get(topic) ?? new Map<number, Span[]>()
    this.topics.set(topic, partitions)
    const spans = partitions.get(partition) ?? []
    partitions.set(partition, spans)
    return spans
  }

  /** What a member owns right now. */
  private owned(member: string): { topic: string; partition: number; span: Span }[] {
    return [...this.topics].flatMap(([topic, partitions]) =>
      [...partitions].flatMap(([partition, spans]) => {
        const span = spans.at(-1)
        return span?.open && span.member === member ? [{ topic, partition, span }] : []
      }),
    )
  }

  private letterOf(member: string): string {
    return this.members.get(member)?.letter ?? '?'
  }
}

/** Milliseconds until a partition has an owner again; null when it never has. */
function gapAfter(spans: readonly Span[], atMs: number): number | null {
  const next = spans.find((span) => span.fromMs >= atMs)
  return next ? next.fromMs - atMs : null
}

/** Whole milliseconds since `startedAtMs`. */
function counted(told: Ownership, startedAtMs: number): Ownership {
  const since = (ms: number) => Math.round(ms - startedAtMs)
  return {
    ...told,
    fromMs: since(told.fromMs),
    toMs: since(told.toMs),
    partitions: told.partitions.map(({ partition, spans }) => ({
      partition,
      spans: spans.map(({ owner, fromMs, toMs }) => ({ owner, fromMs: since(fromMs), toMs: since(toMs) })),
    })),
    departures: told.departures.map((one) => ({
      ...one,
      atMs: since(one.atMs),
      ...(one.unownedMs !== undefined && { unownedMs: Math.round(one.unownedMs) }),
    })),
  }
}
