import { Fetch } from '../../protocol/api/01-fetch.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { handler, type RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import type { Partition } from '../topics.ts'
import { checkLeader, checkReplica } from '../wrong-node.ts'

type Request = RequestOf<typeof Fetch>
type Response = ResponseOf<typeof Fetch>
type PartitionRequest = Request['topics'][number]['partitions'][number]
type PartitionResponse = Response['responses'][number]['partitions'][number]

const READ_COMMITTED = 1
/** The only session that this broker has: none (KIP-227). Clients then name all partitions in every request. */
const NO_SESSION = 0
/** From this version on followers answer consumers, too (KIP-392). */
const FOLLOWER_READ_FROM = 11

/**
 * Fetch, versions 4 to 11. The answer waits until there are `minBytes`, or `maxWaitMs` is over (Kafka's DelayedFetch); an
 * error in a partition ends the wait at once, but for one that does not exist. The first batch comes whole even above every limit (KIP-74), and a batch
 * may start before the offset that was asked for: clients skip what they did not ask for.
 *
 * A partition that is named twice is answered once: the later wish counts, in the place of the first
 * (FetchRequest.fetchData).
 *
 * A read_committed client gets nothing from the last stable offset on, and the list of the aborted transactions in what it
 * gets: it leaves out their records itself (KIP-98).
 */
export const fetch = handler(Fetch, [4, 11], (asked, context) => {
  if (asked.sessionId !== NO_SESSION || asked.sessionEpoch > 0) return sessionNotFound()
  const request = { ...asked, topics: eachOnce(asked.topics) }
  const first = read(request, context)
  if (isEnough(first, request)) return answer(first)
  return new Promise((resolve) => park(request, context, (found) => resolve(answer(found))))
})

function eachOnce(topics: Request['topics']): Request['topics'] {
  const wanted = new Map<string, { topic: string; wish: PartitionRequest }>()
  for (const { topic, partitions } of topics) {
    for (const wish of partitions) wanted.set(`${wish.partition} ${topic}`, { topic, wish })
  }
  const once: Request['topics'] = []
  for (const { topic, wish } of wanted.values()) {
    const last = once.at(-1)
    if (last?.topic === topic) last.partitions.push(wish)
    else once.push({ topic, partitions: [wish] })
  }
  return once
}

function sessionNotFound(): Response {
  const error = errorCode('FETCH_SESSION_ID_NOT_FOUND')
  return { throttleTimeMs: 0, errorCode: error, sessionId: NO_SESSION, responses: [] }
}

function answer(found: Found): Response {
  const responses = found.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ batches, ...fields }) => ({ ...fields, records: joined(batches) })),
  }))
  return { throttleTimeMs: 0, errorCode: 0, sessionId: NO_SESSION, responses }
}

/** The log's own bytes where there is one batch only. */
function joined(batches: Buffer[]): Buffer {
  const [only] = batches
  return only && batches.length === 1 ? only : Buffer.concat(batches)
}

/** What the logs hold now for a request; the batches are still views of the logs. */
interface Found {
  topics: { topic: string; partitions: FoundPartition[] }[]
  bytes: number
  hasError: boolean
  /** Whether any of the partitions exists. */
  isAnyThere: boolean
}

type FoundPartition = Omit<PartitionResponse, 'records'> & { batches: Buffer[] }

function isEnough({ bytes, hasError, isAnyThere }: Found, { maxWaitMs, minBytes }: Request): boolean {
  return maxWaitMs <= 0 || !isAnyThere || hasError || bytes >= minBytes
}

/**
 * Reads again whenever one of the partitions changes, until there is enough, the time is over, or the connection is gone:
 * nobody may leave a wish behind that is looked at for weeks (`maxWaitMs` is an INT32).
 */
function park(request: Request, context: RequestContext, done: (found: Found) => void): void {
  const logs = request.topics.flatMap(({ topic, partitions }) =>
    partitions.flatMap(({ partition }) => context.state.topics.partition(topic, partition)?.log ?? []),
  )
  const stopWatching = logs.map((log) => log.watch(wake))
  const cancelTimer = context.state.clock.after(request.maxWaitMs, give)
  context.gone.addEventListener('abort', give)

  function wake(): void {
    const found = read(request, context)
    if (isEnough(found, request)) finish(found)
  }

  function give(): void {
    finish(read(request, context))
  }

  function finish(found: Found): void {
    cancelTimer()
    context.gone.removeEventListener('abort', give)
    for (const stop of stopWatching) stop()
    done(found)
  }
}

function read(request: Request, context: RequestContext): Found {
  const { state } = context
  const maxBytes = Math.min(request.maxBytes, Number(state.settings['fetch.max.bytes']))
  const found: Found = { topics: [], bytes: 0, hasError: false, isAnyThere: false }
  for (const { topic, partitions } of request.topics) {
    const read = partitions.map((wanted) => {
      const limit = {
        maxBytes: Math.min(maxBytes - found.bytes, wanted.partitionMaxBytes),
        isFirst: found.bytes === 0,
      }
      const partition = state.topics.partition(topic, wanted.partition)
      const one = readPartition(
        partition,
        wanted,
        { ...context, isolationLevel: request.isolationLevel },
        limit,
      )
      for (const batch of one.batches) found.bytes += batch.length
      // What does not exist does not end the wait for the others (KafkaApis.handleFetchRequest).
      found.hasError ||= partition !== undefined && one.errorCode !== 0
      found.isAnyThere ||= partition !== undefined
      return one
    })
    found.topics.push({ topic, partitions: read })
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
  partition: Partition | undefined,
  wanted: PartitionRequest,
  { isolationLevel, nodeId, apiVersion }: ReadContext,
  { maxBytes, isFirst }: Limit,
): FoundPartition {
  try {
    if (!partition) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION')
    const check = apiVersion >= FOLLOWER_READ_FROM ? checkReplica : checkLeader
    check(partition, nodeId, wanted.currentLeaderEpoch)
    const { log } = partition
    const isCommitted = isolationLevel === READ_COMMITTED
    const end = isCommitted ? log.lastStableOffset : log.highWatermark
    const batches = log.read(wanted.fetchOffset, { end, maxBytes, wholeFirst: isFirst })
    return {
      partitionIndex: wanted.partition,
      errorCode: 0,
      highWatermark: log.highWatermark,
      lastStableOffset: log.lastStableOffset,
      logStartOffset: log.startOffset,
      abortedTransactions: isCommitted ? log.abortedTransactions(wanted.fetchOffset, batches.length) : null,
      preferredReadReplica: -1,
      batches,
    }
  } catch (error) {
    if (error instanceof Refusal) return refusedPartition(wanted.partition, error.error)
    throw error
  }
}

function refusedPartition(partitionIndex: number, error: ErrorName): FoundPartition {
  return {
    partitionIndex,
    errorCode: errorCode(error),
    highWatermark: -1n,
    lastStableOffset: -1n,
    logStartOffset: -1n,
    // Kafka makes this one answer in another place (FetchResponse.partitionResponse), with another kind of nothing.
    abortedTransactions: error === 'UNKNOWN_TOPIC_OR_PARTITION' ? [] : null,
    preferredReadReplica: -1,
    batches: [],
  }
}
