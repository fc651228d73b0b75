import type { Random } from '../../check/fixtures.ts'
import { randomFrom } from '../../check/random.ts'
import { parseAddress } from '../../kafka/client/address.ts'
import { type EmbeddedBroker, startEmbedded } from '../../kafka/embedded/start.ts'
import type { State } from '../../kafka/embedded/state.ts'
import { type MemoryInUse, memoryInUse } from './memory.ts'
import { arbitraryMessages, recordedFrames, TOPICS } from './messages.ts'
import { type Attack, type Corpus, nextAttack } from './mutations.ts'
import { Neighbour } from './neighbour.ts'
import { attackOverTcp, MemoryPeer } from './peers.ts'
import { type SkippingClock, skippingClock } from './skipping-clock.ts'
import { Tally } from './tally.ts'

export interface FuzzOptions {
  frames: number
  seed: number
  /** The recorded requests, as JSON. */
  recordedFile: string
  onProgress?: (frames: number) => void
}

type Counts = Pick<Tally, 'finds' | 'byKind' | 'closes' | 'frames' | 'overTcp' | 'connections' | 'slowestMs'>

export interface FuzzFigures extends Counts {
  durationMs: number
  neighbour: { records: number; slowestMs: number }
  before: MemoryInUse
  after: MemoryInUse
  /** Timers of the broker: when it started, and when all connections and groups are gone. */
  timers: { before: number; after: number }
  logBytes: number
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

/** After the run, garbage collected, so much more may be in use: what was compiled and cached meanwhile. */
const KEPT_BYTES = 48 * 1024 * 1024
const FRAMES_PER_CONNECTION = 8
/** Every so many frames the neighbour is heard, topics are made anew, and some of the attacks go over TCP. */
const ROUND = 1_000
const TCP_CONNECTIONS = 12
/** So many frames are sent before anything is measured: what they leave behind is compiled code and the like. */
const WARM_UP = 10_000
/** Arbitrary messages are used so many frames long before others come in their place. */
const CORPUS_FRAMES = 200_000
const MESSAGES_OF_EACH = 12
/** Longer than the broker remembers the offsets of a group. */
const DAYS_MS = 9 * 24 * 3_600_000

/**
 * Sends that many mutated frames to an embedded broker: most straight to the code that serves connections, some over TCP,
 * while a kafkajs client works beside them. The same seed sends the same frames. It ends with the first find.
 */
export async function fuzz({ frames, seed, recordedFile, onProgress }: FuzzOptions): Promise<FuzzFigures> {
  const recorded = recordedFrames(recordedFile)
  const corpusOf = (number: number): Corpus => {
    const messages = arbitraryMessages(seed + number * 1_000, MESSAGES_OF_EACH)
    return { messages, frames: [...messages.map(({ frame }) => frame), ...recorded, ...recorded] }
  }
  const run = await Run.open({ seed, onProgress })
  const startedAt = performance.now()
  await run.attackUntil(Math.min(frames, WARM_UP), corpusOf(0))
  const before = memoryInUse()
  for (let end = 0, number = 0; end < frames; number++) {
    end = Math.min(frames, end + CORPUS_FRAMES)
    await run.attackUntil(end, corpusOf(number))
  }
  const durationMs = performance.now() - startedAt
  return { ...(await run.close(before)), durationMs }
}

/** One broker, its neighbour, and those who attack it. */
class Run {
  readonly #tally: Tally
  readonly #clock: SkippingClock
  readonly #broker: EmbeddedBroker
  readonly #neighbour: Neighbour
  readonly #random: Random
  readonly #timersBefore: number
  readonly #onProgress: FuzzOptions['onProgress']
  readonly #onStray = (error: unknown) => this.#tally.failed('an error that nobody caught', error)

  private constructor(
    { seed, onProgress }: Pick<FuzzOptions, 'seed' | 'onProgress'>,
    { tally, clock, broker }: { tally: Tally; clock: SkippingClock; broker: EmbeddedBroker },
  ) {
    this.#tally = tally
    this.#clock = clock
    this.#broker = broker
    this.#neighbour = new Neighbour(broker.bootstrap)
    this.#random = randomFrom(seed, 'fuzz')
    this.#timersBefore = clock.waiting
    this.#onProgress = onProgress
    process.on('uncaughtException', this.#onStray).on('unhandledRejection', this.#onStray)
  }

  static async open(options: Pick<FuzzOptions, 'seed' | 'onProgress'>): Promise<Run> {
    const [tally, clock] = [new Tally(), skippingClock()]
    const broker = await startEmbedded({ clock, settings: SETTINGS, onBug: tally.onBug })
    const run = new Run(options, { tally, clock, broker })
    broker.state.topics.create({ name: run.#neighbour.topic, replicas: [[1]], configs: new Map() })
    await run.#neighbour.open()
    return run
  }

  /** Attacks until `end` frames were sent in all, with the neighbour at work. */
  async attackUntil(end: number, corpus: Corpus): Promise<void> {
    const tally = this.#tally
    while (tally.frames < end && tally.finds.length === 0) {
      renewTopics(this.#broker.state, this.#neighbour.topic)
      const working = this.#neighbour.roundTrip()
      const overTcp = this.#attackOverTcp(corpus)
      const roundEnd = Math.min(end, tally.frames + ROUND)
      while (tally.frames < roundEnd) await this.#attackInMemory(corpus)
      await overTcp
      const problem = await working
      if (problem !== null) tally.found(`the neighbour was disturbed: ${problem}`)
      this.#onProgress?.(tally.frames)
    }
  }

  /** One connection without a socket, until it is closed, waits, or has had enough. */
  async #attackInMemory(corpus: Corpus): Promise<void> {
    const random = this.#random
    const peer = new MemoryPeer(this.#broker.state, this.#tally, random.int(0, 19) > 0)
    const sent: Buffer[] = []
    this.#tally.connections += 1
    this.#tally.atWork.inMemory = sent
    for (const attack of this.#someAttacks(corpus)) {
      sent.push(Buffer.concat(attack.pieces))
      const startedAt = performance.now()
      const outcome = await peer.attack(attack)
      this.#tally.note(attack.kind, outcome, performance.now() - startedAt)
      if (outcome !== 'answered') break
    }
    peer.leave(random)
  }

  /** Some connections at once; their frames are not timed, because they wait for each other. */
  async #attackOverTcp(corpus: Corpus): Promise<void> {
    const connections = Array.from({ length: TCP_CONNECTIONS }, () => this.#someAttacks(corpus))
    const address = parseAddress(this.#broker.bootstrap)
    this.#tally.connections += connections.length
    this.#tally.atWork.overTcp = connections.flat().map(({ pieces }) => Buffer.concat(pieces))
    await Promise.all(
      connections.map(async (attacks) => {
        const outcome = await attackOverTcp(address, attacks)
        for (const { kind } of attacks) this.#tally.note(`over TCP: ${kind}`, outcome, 0)
        this.#tally.overTcp += attacks.length
      }),
    )
  }

  #someAttacks(corpus: Corpus): Attack[] {
    const length = this.#random.int(1, FRAMES_PER_CONNECTION)
    return Array.from({ length }, () => nextAttack(this.#random, corpus))
  }

  /** Everybody leaves, days go by, and what is left is compared with what there was. */
  async close(before: MemoryInUse): Promise<Omit<FuzzFigures, 'durationMs'>> {
    const { topics } = this.#broker.state
    this.#tally.atWork = { overTcp: [], inMemory: [] }
    for (const { name } of [...topics]) topics.delete(name)
    await this.#neighbour.close()
    this.#clock.skip(DAYS_MS)
    await new Promise(setImmediate)
    const timers = { before: this.#timersBefore, after: this.#clock.waiting }
    const after = memoryInUse()
    this.#checkNothingIsLeft(before, after, timers)
    await this.#broker.close()
    process.off('uncaughtException', this.#onStray).off('unhandledRejection', this.#onStray)
    const { finds, byKind, closes, frames, overTcp, connections, slowestMs } = this.#tally
    const neighbour = { records: this.#neighbour.received, slowestMs: this.#neighbour.slowestMs }
    const counts: Counts = { finds, byKind, closes, frames, overTcp, connections, slowestMs }
    return { ...counts, neighbour, before, after, timers, logBytes: topics.logBytes }
  }

  #checkNothingIsLeft(before: MemoryInUse, after: MemoryInUse, timers: FuzzFigures['timers']): void {
    const kept = after.heapUsed + after.external - before.heapUsed - before.external
    if (kept > KEPT_BYTES) this.#tally.found(`${kept} bytes of memory were kept`)
    if (timers.after > timers.before) {
      this.#tally.found(`${timers.after - timers.before} timers of the broker are left`)
    }
    const { logBytes } = this.#broker.state.topics
    if (logBytes !== 0) this.#tally.found(`${logBytes} bytes of logs are left of topics that are gone`)
  }
}

/** The topics that the messages speak of, fresh; all others, but one, go. */
function renewTopics({ topics }: State, kept: string): void {
  for (const { name } of [...topics]) if (name !== kept) topics.delete(name)
  for (const name of TOPICS) topics.create({ name, replicas: [[1], [1], [1]], configs: new Map() })
}
