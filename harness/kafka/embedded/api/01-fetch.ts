import { Fetch } from '../../protocol/api/01-fetch.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import {
  stillWanted,
  type UnknownPartition,
  type WantedPartition,
  wantedPartitions,
} from '../fetch-wanted.ts'
import { handler, type RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { checkLeader, checkReplica } from '../wrong-node.ts'

type Request = RequestOf<typeof Fetch>
type Response = ResponseOf<typeof Fetch>
type PartitionResponse = Response['responses'][number]['partitions'][number]

const READ_COMMITTED = 1
/** The only session that this broker has: none (KIP-227). Clients then name all partitions in every request. */
const NO_SESSION = 0
/** From this version on followers answer consumers, too (KIP-392). */
const FOLLOWER_READ_FROM = 11

/**
 * Fetch, versions 4 to 13. The answer waits until there are `minBytes`, or `maxWaitMs` is over (Kafka's DelayedFetch); an
 * error while reading a partition ends the wait at once. A topic that is not there does not, and is told last, unless
 * nothing else is asked for (KafkaApis.handleFetchRequest). The first batch comes whole even above every limit (KIP-74),
 * and a batch may start before the offset that was asked for: clients skip what they did not ask for.
 *
 * A partition that is named twice is answered once: the later wish counts, in the place of the first
 * (FetchRequest.fetchData).
 *
 * A read_committed client gets nothing from the last stable offset on, and the list of the aborted transactions in what it
 * gets: it leaves out their records itself (KIP-98).
 */
export const fetch = handler(Fetch, [4, 13], (request, context) => {
  if (request.sessionId !== NO_SESSION || request.sessionEpoch > 0) return sessionNotFound()
  const { known, unknown } = wantedPartitions(request.topics, context)
  const asked = { request, known, context }
  const first = read(asked)
  if (isEnough(first, asked)) return answer(first, unknown)
  return new Promise((resolve) => park(asked, (found) => resolve(answer(found, unknown))))
})

function sessionNotFound(): Response {
  const error = errorCode('FETCH_SESSION_ID_NOT_FOUND')
  return { throttleTimeMs: 0, errorCode: error, sessionId: NO_SESSION, responses: [] }
}

/** Partitions of one topic stand together where they follow each other, as in FetchResponse.toMessage. */
function answer(found: Found, unknown: readonly UnknownPartition[]): Response {
  const responses: Response['responses'] = []
  const missing = unknown.map(({ topic, topicId, asked, error }) => ({
    ...refusedPartition(asked.partition, error),
    topic,
    topicId,
  }))
  for (const { topic, topicId, batches, ...fields } of [...found.partitions, ...missing]) {
    const partition = { ...fields, records: joined(batches) }
    const last = responses.at(-1)
    if (last?.topic === topic && last.topicId === topicId) last.partitions.push(partition)
    else responses.push({ topic, topicId, partitions: [partition] })
  }
  return { throttleTimeMs: 0, errorCode: 0, sessionId: NO_SESSION, responses }
}

/** The log's own bytes where there is one batch only. */
function joined(batches: Buffer[]): Buffer {
  const [only] = batches
  return only && batches.length === 1 ? only : Buffer.concat(batches)
}

/** A request with what it wants, as far as that is there. */
interface Asked {
  request: Request
  known: readonly WantedPartition[]
  context: RequestContext
}

/** What the logs hold now for a request; the batches are still views of the logs. */
interface Found {
  partitions: (FoundPartition & { topic: string; topicId: string })[]
  bytes: number
  hasError: boolean
  /** Some partition has more in a later segment; Kafka does not wait for `minBytes` then (DelayedFetch, case F). */
  isBehind: boolean
}

type FoundPartition = Omit<PartitionResponse, 'records'> & { batches: Buffer[] }

function isEnough(found: Found, { request: { maxWaitMs, minBytes }, known }: Asked): boolean {
  const isOver = maxWaitMs <= 0 || known.length === 0 || found.hasError || found.isBehind
  return isOver || found.bytes >= minBytes
}

/**
 * Reads again whenever one of the partitions changes, until there is enough, the time is over, or the connection is gone:
 * nobody may leave a wish behind that is looked at for weeks (`maxWaitMs` is an INT32).
 */
function park(asked: Asked, done: (found: Found) => void): void {
  const { state, gone } = asked.context
  const logs = asked.known.flatMap(
    ({ topic, asked: { partition } }) => state.topics.partition(topic, partition)?.log ?? [],
  )
  const stopWatching = logs.map((log) => log.watch(wake))
  const cancelTimer = state.clock.after(asked.request.maxWaitMs, give)
  gone.addEventListener('abort', give)

  function wake(): void {
    const found = read(asked)
    if (isEnough(found, asked)) finish(found)
  }

  function give(): void {
    finish(read(asked))
  }

  function finish(found: Found): void {
    cancelTimer()
    gone.removeEventListener('abort', give)
    for (const stop of stopWatching) stop()
    done(found)
  }
}

function read({ request, known, context }: Asked): Found {
  const maxBytes = Math.min(request.maxBytes, Number(context.state.settings['fetch.max.bytes']))
  const reading = { ...context, isolationLevel: request.isolationLevel }
  const found: Found = { partitions: [], bytes: 0, hasError: false, isBehind: false }
  for (const wanted of known) {
    const { topic, topicId, asked } = wanted
    const limit = {
      maxBytes: Math.min(maxBytes - found.bytes, asked.partitionMaxBytes),
      isFirst: found.bytes === 0,
    }
    const { isBehind, ...one } = readPartition(wanted, reading, limit)
    for (const batch of one.batches) found.bytes += batch.length
    found.hasError ||= one.errorCode !== 0
    found.isBehind ||= isBehind
    found.partitions.push({ ...one, topic, topicId })
  }
  return found
}

interface Limit {
  maxBytes: number
  /** True until some partition gave records: then the next batch comes whatever its size. */
  isFirst: boolean
}

interface ReadContext extends RequestContext {
  isolationLevel: number
}

function readPartition(
  wanted: WantedPartition,
  { state, isolationLevel, nodeId, apiVersion }: ReadContext,
  { maxBytes, isFirst }: Limit,
): FoundPartition & { isBehind: boolean } {
  const { partition: partitionIndex, currentLeaderEpoch, fetchOffset } = wanted.asked
  try {
    const partition = stillWanted(wanted, state.topics)
    const check = apiVersion >= FOLLOWER_READ_FROM ? checkReplica : checkLeader
    check(partition, nodeId, currentLeaderEpoch)
    const { log } = partition
    const isCommitted = isolationLevel === READ_COMMITTED
    const end = isCommitted ? log.lastStableOffset : log.highWatermark
    const batches = log.read(fetchOffset, { end, maxBytes, wholeFirst: isFirst })
    return {
      partitionIndex,
      errorCode: 0,
      highWatermark: log.highWatermark,
      lastStableOffset: log.lastStableOffset,
      logStartOffset: log.startOffset,
      abortedTransactions: isCommitted ? log.abortedTransactions(fetchOffset, batches.length) : null,
      preferredReadReplica: -1,
      batches,
      isBehind: log.hasSegmentBehind(fetchOffset, end),
    }
  } catch (error) {
    if (error instanceof Refusal) return { ...refusedPartition(partitionIndex, error.error), isBehind: false }
    throw error
  }
}

/** Errors of a topic or a partition that nobody has. */
const NOT_THERE: ReadonlySet<ErrorName> = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID'])

function refusedPartition(partitionIndex: number, error: ErrorName): FoundPartition {
  return {
    partitionIndex,
    errorCode: errorCode(error),
    highWatermark: -1n,
    lastStableOffset: -1n,
    logStartOffset: -1n,
    // Kafka makes these answers in another place (FetchResponse.partitionResponse), with another kind of nothing.
    abortedTransactions: NOT_THERE.has(error) ? [] : null,
    preferredReadReplica: -1,
    batches: [],
  }
}
