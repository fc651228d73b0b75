/**
 * The journal: the ordered facts of one check as seen on the wire. One exchange is one request with its answer.
 * `number` counts requests in the order in which the wiretap saw them, over all lanes.
 */
export interface Exchange {
  number: number
  /** The lane it came in by: one scene, one lane. */
  lane: string
  /** Connections count from 1 within a lane. */
  connection: number
  clientId: string | null
  /** Kafka's name of the API, `Produce`. */
  api: string
  version: number
  /** Milliseconds since the wiretap opened. */
  requestAtMs: number
  /** The decoded request, typed by the API's definition in `protocol/api`. */
  request: unknown
  /** The decoded answer; null until it came, and for ever with acks=0 or after a lost connection. */
  response: unknown
  responseAtMs: number | null
  /** The fault that the wiretap injected here, in words, or null. */
  fault: string | null
  /** Why the wiretap could not read or keep the request or the answer, in words; the bytes were forwarded as they were. */
  unread?: string
}

/** The moment at which the process that used a lane was gone. */
export interface LaneEnd {
  lane: string
  /** Milliseconds since the wiretap opened. */
  atMs: number
}

/** A record that a producer sent, from a Produce request. */
export interface ProducedRecord {
  exchange: Exchange
  topic: string
  partition: number
  acks: number
  /** Milliseconds since the epoch. */
  timestamp: number
  key: Buffer | null
  value: Buffer | null
  headers: [name: string, value: Buffer | null][]
  producerId: bigint
  transactional: boolean
  /** Kafka's name of the error that the broker answered, null when none or no answer came. */
  error: string | null
  /** The offset that the broker gave, null when it gave none. */
  offset: bigint | null
}

/** One partition of an OffsetCommit, or of a TxnOffsetCommit. */
export interface Commit {
  exchange: Exchange
  group: string
  topic: string
  partition: number
  offset: bigint
  /** Null until the broker answered. */
  error: string | null
  answered: boolean
}
