import { Produce } from '../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../kafka/protocol/api/01-fetch.ts'
import { Metadata } from '../kafka/protocol/api/03-metadata.ts'
import { OffsetCommit } from '../kafka/protocol/api/08-offset-commit.ts'
import { LeaveGroup } from '../kafka/protocol/api/13-leave-group.ts'
import { SyncGroup } from '../kafka/protocol/api/14-sync-group.ts'
import type { RequestOf, ResponseOf } from '../kafka/protocol/api.ts'
import { readAssignment } from '../kafka/protocol/consumer-protocol.ts'
import { readRecords, splitBatches } from '../kafka/protocol/record-batch.ts'
import { committedPartitions } from '../kafka/wiretap/commits.ts'
import type { Exchange, LaneEnd } from '../kafka/wiretap/journal.ts'
import { producedPartitions } from '../kafka/wiretap/produced.ts'

export type MomentKind = 'sent' | 'got' | 'owns' | 'begins' | 'committed' | 'left' | 'gone' | 'leads' | 'lag'

/** One thing that happened on the wire, in words for a class. */
export interface Moment {
  /** Milliseconds, as in the journal. */
  atMs: number
  kind: MomentKind
  /** The program that it happened to, or `broker 2`. */
  who: string
  /** Null where it is about none, or about several. */
  partition: number | null
  /** A word for a picture: the key of a record, the partitions of a member. */
  label: string
  text: string
}

type WithoutTime = Omit<Moment, 'atMs' | 'who' | 'kind'>

/** Reads moments from a journal while it grows. */
export class MomentReader {
  private readonly journal: readonly Exchange[]
  private readonly ends: readonly LaneEnd[]
  private next = 0
  private nextEnd = 0
  private waiting: Exchange[] = []
  /** Lanes with members that have not left. */
  private readonly members = new Map<string, string>()
  private readonly begun = new Set<string>()
  private readonly leaders = new Map<number, string>()

  constructor(wiretap: { journal: readonly Exchange[]; ends: readonly LaneEnd[] }) {
    this.journal = wiretap.journal
    this.ends = wiretap.ends
  }

  /** What has happened since it was asked last, in order of time. A request counts when it is answered. */
  news(): Moment[] {
    const asked = [...this.waiting, ...this.journal.slice(this.next)]
    this.next = this.journal.length
    this.waiting = asked.filter(({ responseAtMs }) => responseAtMs === null)
    const answered = asked.filter(({ responseAtMs }) => responseAtMs !== null)
    const gone = this.ends.slice(this.nextEnd)
    this.nextEnd = this.ends.length
    const moments = [
      ...answered.flatMap((one) => this.tell(one)),
      ...gone.flatMap((one) => this.tellEnd(one)),
    ]
    return moments.sort((a, b) => a.atMs - b.atMs)
  }

  private tell(exchange: Exchange): Moment[] {
    const { unread, response } = exchange
    if (unread !== undefined || response === null) return []
    const who = exchange.clientId ?? ''
    const atMs = exchange.responseAtMs as number
    const one = (kind: MomentKind) => (told: WithoutTime) => ({ atMs, who, kind, ...told })
    switch (exchange.api) {
      case Produce.name:
        // The answer may come after a consumer has got the record.
        return sent(exchange).map((told) => ({ ...one('sent')(told), atMs: exchange.requestAtMs }))
      case Fetch.name:
        return [...this.begins(exchange).map(one('begins')), ...got(exchange).map(one('got'))]
      case SyncGroup.name: {
        const found = owns(response as ResponseOf<typeof SyncGroup>)
        if (found.length > 0) this.members.set(exchange.lane, who)
        return found.map(one('owns'))
      }
      case LeaveGroup.name:
        this.members.delete(exchange.lane)
        return [one('left')({ partition: null, label: 'leaves', text: 'says goodbye: LeaveGroup' })]
      case OffsetCommit.name:
        return committed(exchange).map(one('committed'))
      case Metadata.name:
        return this.leads(response as ResponseOf<typeof Metadata>).map((told) => ({
          atMs,
          kind: 'leads',
          ...told,
        }))
      default:
        return []
    }
  }

  /** Only who was still a member is missed. */
  private tellEnd({ lane, atMs }: LaneEnd): Moment[] {
    const who = this.members.get(lane)
    if (who === undefined) return []
    return [{ atMs, kind: 'gone', who, partition: null, label: 'killed', text: 'killed, without a goodbye' }]
  }

  /** The first fetch of a program from a partition shows where it begins. */
  private begins({ lane, request }: Exchange): WithoutTime[] {
    const { topics } = request as RequestOf<typeof Fetch>
    return topics.flatMap(({ partitions }) =>
      partitions.flatMap(({ partition, fetchOffset }) => {
        const key = `${lane} ${partition}`
        if (this.begun.has(key)) return []
        this.begun.add(key)
        return [
          {
            partition,
            label: `from ${fetchOffset}`,
            text: `partition ${partition}  from offset ${fetchOffset}`,
          },
        ]
      }),
    )
  }

  /** A leader, or a set of replicas in sync, that was not known before. */
  private leads({ topics }: ResponseOf<typeof Metadata>): (WithoutTime & { who: string })[] {
    return topics.flatMap(({ errorCode, partitions }) =>
      partitions.flatMap(({ partitionIndex: partition, leaderId, isrNodes }) => {
        const inSync = [...isrNodes].sort((a, b) => a - b).join(' ')
        const now = `${leaderId}: ${inSync}`
        if (errorCode !== 0 || leaderId < 0 || this.leaders.get(partition) === now) return []
        this.leaders.set(partition, now)
        const text = `partition ${partition}  in sync: ${inSync}`
        return [{ who: `broker ${leaderId}`, partition, label: `leads ${partition} [${inSync}]`, text }]
      }),
    )
  }
}

function sent(exchange: Exchange): WithoutTime[] {
  return producedPartitions(exchange).flatMap(({ partition, records }) =>
    records.map(({ key, value, offset, error }) => ({
      partition,
      label: error ?? keyText(key),
      text: `partition ${partition}  ${recordText(key, value)}  ${error ?? `offset ${offset}`}`,
    })),
  )
}

/** The records of a Fetch, from the offset on that was asked for: the first batch may begin before it. */
function got({ request, response }: Exchange): WithoutTime[] {
  const asked = (request as RequestOf<typeof Fetch>).topics.flatMap(({ partitions }) => partitions)
  const { responses } = response as ResponseOf<typeof Fetch>
  return responses.flatMap(({ partitions }) =>
    partitions.flatMap(({ partitionIndex: partition, records }) => {
      const from = asked.find((one) => one.partition === partition)?.fetchOffset ?? 0n
      const found = splitBatches(records ?? Buffer.alloc(0)).flatMap(readRecords)
      return found
        .filter(({ offset }) => offset >= from)
        .map(({ key, value, offset }) => ({
          partition,
          label: keyText(key),
          text: `partition ${partition}  ${recordText(key, value)}  offset ${offset}`,
        }))
    }),
  )
}

function owns({ errorCode, assignment }: ResponseOf<typeof SyncGroup>): WithoutTime[] {
  if (errorCode !== 0) return []
  const partitions = (readAssignment(assignment) ?? []).flatMap((one) => one.partitions).sort((a, b) => a - b)
  const label = partitions.length === 0 ? 'nothing' : partitions.join(' ')
  const text = partitions.length === 0 ? 'no partition' : `partition ${partitions.join(', ')}`
  return [{ partition: null, label, text }]
}

function committed(exchange: Exchange): WithoutTime[] {
  return committedPartitions([exchange]).map(({ partition, offset, error }) => ({
    partition,
    label: `${offset}`,
    text: `partition ${partition}  next offset ${offset}${error === null ? '' : `  ${error}`}`,
  }))
}

function keyText(key: Buffer | null): string {
  return key === null ? 'no key' : key.toString()
}

/** `ORD-001 OrderPlaced`; the values of the demos are events of the book. */
function recordText(key: Buffer | null, value: Buffer | null): string {
  const type = value && (JSON.parse(value.toString()) as { type?: string }).type
  return `${keyText(key)} ${type ?? ''}`.trimEnd()
}
