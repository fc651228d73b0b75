import { randomFrom } from '../../check/random.ts'
import { parseAddress } from '../../kafka/client/address.ts'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import type { State } from '../../kafka/embedded/state.ts'
import { type MemoryInUse, memoryInUse } from './memory.ts'
import { arbitraryMessages, recordedFrames, TOPICS } from './messages.ts'
import { type Attack, type Corpus, nextAttack } from './mutations.ts'
import { Neighbour } from './neighbour.ts'
import { attackOverTcp, MemoryPeer, type Outcome } from './peers.ts'
import { skippingClock } from './skipping-clock.ts'

export interface FuzzOptions {
  frames: number
  seed: number
  /** The recorded requests, as JSON. */
  recordedFile: string
  onProgress?: (frames: number) => void
}

/** Something that must not be: what, and the frames of the connections that were at work, those over TCP first. */
export interface Find {
  what: string
  frames: Buffer[]
}

export interface KindFigures extends Record<Outcome, number> {
  frames: number
  slowestMs: number
}

export interface FuzzFigures {
  frames: number
  overTcp: number
  connections: number
  durationMs: number
  byKind: Record<string, KindFigures>
  /** Why the broker closed connections that came without a socket, numbers left out, and how often. */
  closes: Record<string, number>
  slowestMs: number
  neighbour: { records: number; slowestMs: number }
  before: MemoryInUse
  after: MemoryInUse
  /** Timers of the broker that are set when all connections and groups are gone, and when it started. */
  timers: { before: number; after: number }
  logBytes: number
  finds: Find[]
}

/** Small, so that the run reaches them; the interval is long, because days are skipped in the end. */
const SETTINGS = {
  'auto.create.topics.enable': 'true',
  'max.connections': '100',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '600000',
  'workbook.max.log.bytes': String(64 * 1024 * 1024),
  'workbook.max.partitions': '1000',
  'workbook.max.topics': '200',
}

/** One frame must not hold everybody up for longer, in milliseconds. */
const SLOWEST_MS = 5_000
/** After the run, garbage collected, so much more may be in use: what was compiled and cached meanwhile. */
const KEPT_BYTES = 48 * 1024 * 1024
const FRAMES_PER_CONNECTION = 8
/** Every so many frames the neighbour is heard, topics are made anew, and some of the attacks go over TCP. */
const ROUND = 1_000
const TCP_CONNECTIONS = 12
/** Arbitrary messages are used so many frames long before others come in their place. */
const CORPUS_FRAMES = 200_000
const MESSAGES_OF_EACH = 12
const DAYS_MS = 9 * 24 * 3_600_000

/**
 * Sends that many mutated frames to an embedded broker: most straight to the code that serves connections, some over TCP,
 * while a kafkajs client works beside them. The same seed sends the same frames.
 */
export async function fuzz({ frames, seed, recordedFile, onProgress }: FuzzOptions): Promise<FuzzFigures> {
  const finds: Find[] = []
  let lastFrames: Buffer[] = []
  let lastTcpFrames: Buffer[] = []
  const found = (what: string) => finds.push({ what, frames: [...lastTcpFrames, ...lastFrames] })
  const onStray = (error: unknown) => found(`an error that nobody caught: ${describe(error)}`)
  process.on('uncaughtException', onStray).on('unhandledRejection', onStray)

  const clock = skippingClock()
  const onBug = (error: unknown) => found(`an error of the broker: ${describe(error)}`)
  const broker = await startEmbedded({ clock, settings: SETTINGS, onBug })
  const timersBefore = clock.waiting
  const address = parseAddress(broker.bootstrap)
  const random = randomFrom(seed, 'fuzz')
  const recorded = recordedFrames(recordedFile)
  const neighbour = new Neighbour(broker.bootstrap)
  broker.state.topics.create({ name: neighbour.topic, replicas: [[1]], configs: new Map() })
  await neighbour.open()

  const byKind: Record<string, KindFigures> = {}
  const closes: Record<string, number> = {}
  const onRefused = ({ message }: Error) => {
    const why = message.replaceAll(/-?\d+/g, 'N')
    closes[why] = (closes[why] ?? 0) + 1
  }
  const figures = { frames: 0, overTcp: 0, connections: 0, slowestMs: 0 }
  const note = (kind: string, outcome: Outcome, ms: number) => {
    const of = byKind[kind] ?? { frames: 0, answered: 0, closed: 0, waiting: 0, slowestMs: 0 }
    byKind[kind] = of
    of.frames += 1
    of[outcome] += 1
    of.slowestMs = Math.max(of.slowestMs, ms)
    figures.frames += 1
    figures.slowestMs = Math.max(figures.slowestMs, ms)
    if (ms > SLOWEST_MS) found(`one frame took ${Math.round(ms)} ms`)
  }

  /** One connection in memory, until it is closed, waits, or has had enough. */
  async function oneConnection(corpus: Corpus): Promise<void> {
    figures.connections += 1
    lastFrames = []
    const peer = new MemoryPeer(broker.state, { onBug, onRefused }, random.int(0, 19) > 0)
    for (let left = random.int(1, FRAMES_PER_CONNECTION); left > 0; left--) {
      const attack = nextAttack(random, corpus)
      lastFrames.push(Buffer.concat(attack.pieces))
      const startedAt = performance.now()
      const outcome = await peer.attack(attack)
      note(attack.kind, outcome, performance.now() - startedAt)
      if (outcome !== 'answered') break
    }
    peer.leave(random)
  }

  async function overTcp(corpus: Corpus): Promise<void> {
    const batches = Array.from({ length: TCP_CONNECTIONS }, () => someAttacks(corpus))
    lastTcpFrames = batches.flat().map(({ pieces }) => Buffer.concat(pieces))
    figures.connections += batches.length
    await Promise.all(
      batches.map(async (attacks) => {
        const outcome = await attackOverTcp(address, attacks)
        for (const { kind } of attacks) note(`over TCP: ${kind}`, outcome, 0)
        figures.overTcp += attacks.length
      }),
    )
  }

  function someAttacks(corpus: Corpus): Attack[] {
    return Array.from({ length: random.int(1, FRAMES_PER_CONNECTION) }, () => nextAttack(random, corpus))
  }

  /** Rounds until `end` frames were sent, with the neighbour at work all the time. */
  async function attackUntil(end: number, corpus: Corpus): Promise<void> {
    while (figures.frames < end && finds.length === 0) {
      renewTopics(broker.state, neighbour.topic)
      const working = neighbour.roundTrip()
      const tcp = overTcp(corpus)
      const roundEnd = Math.min(end, figures.frames + ROUND)
      while (figures.frames < roundEnd) await oneConnection(corpus)
      await tcp
      const problem = await working
      if (problem !== null) found(`the neighbour was disturbed: ${problem}`)
      onProgress?.(figures.frames)
    }
  }

  const corpusOf = (number: number): Corpus => {
    const messages = arbitraryMessages(seed + number * 1_000, MESSAGES_OF_EACH)
    return { messages, frames: [...messages.map(({ frame }) => frame), ...recorded, ...recorded] }
  }

  const startedAt = performance.now()
  // What the first frames leave behind is compiled code and the like.
  await attackUntil(Math.min(frames, 10_000), corpusOf(0))
  const before = memoryInUse()
  for (let number = 0; figures.frames < frames && finds.length === 0; number++) {
    await attackUntil(Math.min(frames, (number + 1) * CORPUS_FRAMES), corpusOf(number))
  }
  const durationMs = performance.now() - startedAt

  for (const name of [...broker.state.topics].map((topic) => topic.name)) broker.state.topics.delete(name)
  await neighbour.close()
  clock.skip(DAYS_MS)
  await new Promise(setImmediate)
  const timersAfter = clock.waiting
  const after = memoryInUse()
  lastFrames = []
  lastTcpFrames = []
  if (after.heapUsed + after.external > before.heapUsed + before.external + KEPT_BYTES)
    found(`memory was kept: ${after.heapUsed - before.heapUsed} bytes of heap more than before`)
  if (timersAfter > timersBefore) found(`${timersAfter - timersBefore} timers of the broker are left`)
  const { logBytes } = broker.state.topics
  if (logBytes !== 0) found(`${logBytes} bytes of logs are left of topics that are gone`)
  await broker.close()
  process.off('uncaughtException', onStray).off('unhandledRejection', onStray)
  if (finds.length === 0 && figures.frames < frames) found('the run ended early')
  return {
    ...figures,
    durationMs,
    byKind,
    closes,
    neighbour: { records: neighbour.received, slowestMs: neighbour.slowestMs },
    before,
    after,
    timers: { before: timersBefore, after: timersAfter },
    logBytes,
    finds,
  }
}

/** The topics that the messages speak of, fresh; all others, but one, go. */
function renewTopics({ topics }: State, kept: string): void {
  for (const { name } of [...topics]) if (name !== kept) topics.delete(name)
  for (const name of TOPICS) topics.create({ name, replicas: [[1], [1], [1]], configs: new Map() })
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
