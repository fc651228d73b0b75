import { errorName } from '../../kafka/protocol/error-codes.ts'
import { readBatches } from './records.ts'
import { isUnordered } from './unordered.ts'

/** How many fields of each kind were replaced; under SORTED, how many lists of several items were put in order. */
export type Replaced = Map<string, number>

export interface NormaliserOptions {
  /** What every name of this run begins with. */
  prefix: string
  /** Where the sequence's own clock stands: times near it are its own, in milliseconds since 1970. */
  startMs: number
  /** When the run began; the broker's own times lie between this and now. */
  runStartedAt: number
  replaced: Replaced
}

export const SORTED = 'sorted'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const MILLISECONDS = /\b1[6-9]\d{11}\b/g
/** Clocks of two processes, and what a sequence adds to its own. */
const NEAR_MS = 60_000

/** Fields that hold an id of the cluster's choice, and its kind. */
const IDS: Record<string, string> = {
  clusterId: 'cluster',
  topicId: 'topic',
  producerId: 'producer',
  sessionId: 'session',
  port: 'port',
  nodeId: 'node',
  brokerId: 'node',
  leaderId: 'node',
  controllerId: 'node',
  preferredReadReplica: 'node',
  replicaNodes: 'node',
  isrNodes: 'node',
  offlineReplicas: 'node',
  replicas: 'node',
  addingReplicas: 'node',
  removingReplicas: 'node',
}
const TIMES = new Set(['timestamp', 'baseTimestamp', 'maxTimestamp', 'logAppendTimeMs'])
/** What stands for "none" in place of an id. */
const NO_ID = new Set<unknown>(['', 'AAAAAAAAAAAAAAAAAAAAAA', null])

/** Makes one answer of an API comparable. */
export type Normalise = (answer: unknown, api: string) => unknown

/**
 * Makes the answers of one sequence comparable. Replaced are ids, times and ports, and nothing else; the same id always
 * becomes the same token, so that it is still seen whether two fields agree. Error codes become their names, and lists
 * without an order are sorted.
 */
export function normaliser(options: NormaliserOptions): Normalise {
  let ofApi = ''
  const tokens = new Map<string, string>()
  const counts = new Map<string, number>()

  function count(kind: string): void {
    options.replaced.set(kind, (options.replaced.get(kind) ?? 0) + 1)
  }

  function token(kind: string, id: unknown): string {
    count(kind)
    const key = `${kind} ${id}`
    const known = tokens.get(key)
    if (known) return known
    const number = (counts.get(kind) ?? 0) + 1
    counts.set(kind, number)
    tokens.set(key, `<${kind} ${number}>`)
    return `<${kind} ${number}>`
  }

  function id(kind: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => id(kind, one))
    const isNone = NO_ID.has(value) || Number(value) < 0 || (kind === 'session' && value === 0)
    return isNone ? plain(value) : token(kind, value)
  }

  /** A time of the sequence's own stays what it is, counted from the sequence's start. */
  function time(value: number | bigint): unknown {
    const ms = Number(value)
    const own = ms - options.startMs
    const isOwn = Math.abs(own) < NEAR_MS
    const isBrokers = ms > options.runStartedAt - NEAR_MS && ms < Date.now() + NEAR_MS
    if (!isOwn && !isBrokers) return ms
    count('time')
    return isOwn ? `<start + ${own}>` : '<now>'
  }

  function text(value: string): string {
    const named = value.replaceAll(options.prefix, () => {
      count('name')
      return ''
    })
    const withIds = named.replace(UUID, (uuid) => token('member', uuid))
    return withIds.replace(MILLISECONDS, (ms) => String(time(Number(ms))))
  }

  function plain(value: unknown): unknown {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`
    if (typeof value === 'string') return text(value)
    if (Buffer.isBuffer(value)) return text(showBytes(value))
    if (Array.isArray(value)) return value.map(plain)
    return value !== null && typeof value === 'object' ? fields(value) : value
  }

  function fields(value: object): unknown {
    // The configuration of a node is found by its id.
    const isNode = 'resourceType' in value && value.resourceType === 4
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        field(isNode && name === 'resourceName' ? 'nodeId' : name, one),
      ]),
    )
  }

  function field(name: string, value: unknown): unknown {
    if (/errorCode$/i.test(name)) return errorName(value as number)
    if (Object.hasOwn(IDS, name)) return id(IDS[name] as string, value)
    if (TIMES.has(name)) return time(value as bigint)
    if (Array.isArray(value) && isUnordered(ofApi, name)) return plain(sorted(value))
    if (name === 'records' && Buffer.isBuffer(value)) return plain(readBatches(value))
    return plain(value)
  }

  /** By all that is no id: ids get their tokens only afterwards. */
  function sorted(rows: unknown[]): unknown[] {
    if (rows.length > 1) count(SORTED)
    const keyed = rows.map((row) => ({ row, key: JSON.stringify(row, sortable) }))
    return keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ row }) => row)
  }

  function sortable(_name: string, value: unknown): unknown {
    if (typeof value === 'bigint') return `${value}`
    return typeof value === 'string' ? value.replace(UUID, (id) => tokens.get(`member ${id}`) ?? '') : value
  }

  return (answer, api) => {
    ofApi = api
    return plain(answer)
  }
}

/** Text where the bytes are text, hexadecimal digits where they are not. */
function showBytes(bytes: Buffer): string {
  const asText = bytes.toString('utf8')
  return /^[\x20-\x7e]*$/.test(asText) ? asText : `0x${bytes.toString('hex')}`
}
