import type net from 'node:net'
import type { Address } from '../client/address.ts'
import { type NodeSocket, openSocket } from '../client/open-socket.ts'
import type { Security } from '../client/security.ts'
import { Produce } from '../protocol/api/00-produce.ts'
import { Fetch } from '../protocol/api/01-fetch.ts'
import { JoinGroup } from '../protocol/api/11-join-group.ts'
import { SyncGroup } from '../protocol/api/14-sync-group.ts'
import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import { CreateTopics } from '../protocol/api/19-create-topics.ts'
import { type AnyApi, type RequestOf, type ResponseOf, writeResponse } from '../protocol/api.ts'
import { errorCode } from '../protocol/error-codes.ts'
import { frames } from '../protocol/frames.ts'
import { MalformedError } from '../protocol/reader.ts'
import type { Faults, Strike } from './faults.ts'
import type { Guard } from './guard.ts'
import type { Exchange } from './journal.ts'
import { inGrammar, noFrame, type OpenedRequest, openRequest, openResponse } from './open-frame.ts'
import type { Recorder } from './recorder.ts'
import { type Routes, rewriteAnswer } from './rewrite.ts'
import { closed, drained } from './socket-events.ts'
import type { TopicIds } from './topic-ids.ts'

/** What a bridge needs to know of its surroundings. */
export interface Surroundings {
  lane: string
  connection: number
  upstream: Address
  security: Security | null
  recorder: Recorder
  guard: Guard
  faults: Faults
  topicIds: TopicIds
  whenCreated(topics: string[]): Promise<void>
  routes: Routes
}

/**
 * The place of one answer in the order of the connection: Kafka answers in the order of the requests, so an answer that
 * the wiretap gives by itself waits for those before it.
 */
interface Slot {
  exchange: Exchange
  correlationId: number
  api: AnyApi | null
  /** The answer; null while the broker has not given it; 'cut' closes the connection in its place. */
  answer: Buffer | 'cut' | null
  cutAnswer: boolean
}

/**
 * So many requests of one connection may wait for their answers; then nothing more is read from the client. kafkajs has a
 * few under way, and a broker answers one after the other anyway.
 */
const MOST_WAITING = 1_000

/** Requests that may wait at the broker for long: nobody waits for their answers once the client is gone. */
const MAY_WAIT = new Set([Fetch.key, JoinGroup.key, SyncGroup.key])

/** One connection of a client, and the connection to the broker behind it. */
export class Bridge {
  /** Resolves when both connections are gone. Never rejects: what breaks one bridge stays with it. */
  readonly ended: Promise<void>
  private readonly client: net.Socket
  private readonly node: NodeSocket
  private readonly broker: net.Socket
  private readonly around: Surroundings
  private slots: Slot[] = []
  private clientGone = false
  /** Called when an answer has come, or the connections end. */
  private wakeReader = () => {}
  private readonly stopped = new AbortController()

  constructor(client: net.Socket, around: Surroundings) {
    this.client = client
    this.around = around
    this.node = openSocket(around.upstream, around.security)
    this.broker = this.node.socket
    // Errors end the loops below; without a listener Node would end the process.
    client.on('error', () => client.destroy())
    this.ended = Promise.all([this.readClient(), this.readBroker()]).then(() => {})
  }

  /** Bytes that are no frame leave a fact behind, since the client is told nothing but the end of its connection. */
  private noteGarbage(error: unknown): void {
    if (!(error instanceof MalformedError)) return
    const { recorder, lane, connection } = this.around
    recorder.request(lane, connection, noFrame(error.message))
  }

  private nextAnswer(): Promise<void> {
    return new Promise((resolve) => {
      this.wakeReader = resolve
    })
  }

  /** Closes both connections at once. */
  destroy(): void {
    this.stop()
    this.client.destroy()
    this.broker.destroy()
  }

  private async readClient(): Promise<void> {
    try {
      for await (const frame of frames(this.client)) {
        await this.takeRequest(frame)
        if (this.client.writableNeedDrain) await drained(this.client)
        while (this.slots.length >= MOST_WAITING && !this.stopped.signal.aborted) await this.nextAnswer()
      }
    } catch (error) {
      this.noteGarbage(error)
      this.client.destroy()
    }
    this.clientGone = true
    this.leaveBroker()
  }

  private async readBroker(): Promise<void> {
    try {
      await this.node.ready
      for await (const frame of this.node.answers) {
        await this.takeAnswer(frame)
        if (this.client.writableNeedDrain) await drained(this.client)
      }
      // Closes after what is written has left.
      this.client.destroySoon()
    } catch {
      this.client.destroy()
    }
    this.stop()
    this.broker.destroy()
  }

  private stop(): void {
    this.stopped.abort()
    this.wakeReader()
  }

  /**
   * Once the client is gone, the broker's answers are awaited for the journal, and then its connection is closed. The broker
   * need not agree: a Kafka that holds a fetch back does not look at the connection until the fetch is over.
   */
  private leaveBroker(): void {
    const awaited = this.slots.some(({ api }) => !api || !MAY_WAIT.has(api.key))
    if (this.clientGone && !awaited) this.broker.destroySoon()
  }

  private async takeRequest(frame: Buffer): Promise<void> {
    const { recorder, guard, faults, topicIds, lane, connection } = this.around
    const opened = openRequest(frame)
    if (opened.api) opened.body = topicIds.nameRequest(opened.api, opened.body)
    const exchange = recorder.request(lane, connection, opened)
    const strike = guard.stop(opened) ?? faults.strike(opened)
    if (strike) {
      exchange.fault = strike.words
      await pause(strike.delayMs, this.stopped.signal)
    }
    const own = this.ownAnswer(exchange, opened, strike)
    const slot = this.addSlot(exchange, opened, own, strike?.cutAnswer ?? false)
    if (own === null) await this.forward(frame)
    this.answerClient()
    // What the client sends after a request that closes the connection is not looked at.
    if (slot?.answer === 'cut') await closed(this.client)
  }

  /** What the client gets without the broker being asked; null: the broker is asked. */
  private ownAnswer(exchange: Exchange, opened: OpenedRequest, strike: Strike | null): Buffer | 'cut' | null {
    const { header, api } = opened
    if (strike?.drop) return 'cut'
    if (!header || !api) return null
    const give = (version: number, body: unknown) => {
      const frame = writeResponse(api, version, header.correlationId, body)
      this.around.recorder.answer(exchange, body, frame.length)
      return frame
    }
    if (strike?.answer) return give(header.apiVersion, strike.answer)
    const unknown = api.key === ApiVersions.key && !inGrammar(api, header.apiVersion)
    return unknown ? give(0, unknownVersion()) : null
  }

  /** Adds the slot of the answer; null when there will be none. */
  private addSlot(
    exchange: Exchange,
    opened: OpenedRequest,
    own: Buffer | 'cut' | null,
    cutAnswer: boolean,
  ): Slot | null {
    const { header, api } = opened
    const silent = isSilent(opened)
    if (!header || (silent && own === null && !cutAnswer)) return null
    // Kafka shows the error of a request without an answer by closing the connection.
    const answer = silent ? 'cut' : own
    const slot = { exchange, correlationId: header.correlationId, api, answer, cutAnswer }
    this.slots.push(slot)
    return slot
  }

  private async takeAnswer(frame: Buffer): Promise<void> {
    const correlationId = frame.readInt32BE(4)
    const at = this.slots.findIndex((one) => one.answer === null && one.correlationId === correlationId)
    const slot = this.slots[at]
    if (!slot) {
      if (!this.clientGone) this.client.write(frame)
      return
    }
    // The broker answers in order: what stands before and has no answer by now will never get one.
    this.slots = this.slots.filter((one, index) => index >= at || one.answer !== null)
    const answer = await this.readAnswer(slot, frame)
    slot.answer = slot.cutAnswer ? 'cut' : answer
    this.answerClient()
    this.leaveBroker()
  }

  /** Writes the answer into the journal and gives the bytes for the client. */
  private async readAnswer({ api, exchange, correlationId }: Slot, frame: Buffer): Promise<Buffer> {
    const { recorder, guard, routes, topicIds } = this.around
    if (!api) {
      recorder.answer(exchange, null, frame.length, exchange.unread)
      return frame
    }
    const { version, body, unread } = openResponse(api, exchange.version, frame)
    if (unread === null) topicIds.learn(api, body)
    const hidden = unread === null ? guard.hide(api, body) : null
    const rewritten = unread === null ? ((await rewriteAnswer(api, hidden ?? body, routes)) ?? hidden) : null
    recorder.answer(exchange, rewritten ?? topicIds.nameAnswer(api, body), frame.length, unread)
    if (api.key === CreateTopics.key && unread === null)
      await this.around.whenCreated(createdIn(exchange, body))
    return rewritten === null ? frame : writeResponse(api, version, correlationId, rewritten)
  }

  /** Hands on every answer that is next in order. */
  private answerClient(): void {
    this.wakeReader()
    while (this.slots[0] && this.slots[0].answer !== null) {
      const { answer } = this.slots.shift() as Slot
      if (answer === 'cut') {
        this.client.destroy()
        this.slots = []
      } else if (!this.clientGone) {
        this.client.write(answer as Buffer)
      }
    }
  }

  private async forward(frame: Buffer): Promise<void> {
    const isReady = await this.node.ready.then(
      () => !this.broker.destroyed,
      () => false,
    )
    if (isReady && !this.broker.write(frame)) await drained(this.broker)
  }
}

/** The topics that an answer to CreateTopics says are there now. */
function createdIn({ request }: Exchange, body: unknown): string[] {
  if ((request as RequestOf<typeof CreateTopics> | null)?.validateOnly) return []
  const { topics } = body as ResponseOf<typeof CreateTopics>
  return topics.filter(({ errorCode }) => errorCode === 0).map(({ name }) => name)
}

/** Produce with acks=0 is never answered. */
function isSilent({ api, body }: OpenedRequest): boolean {
  return api?.key === Produce.key && (body as { acks?: number } | null)?.acks === 0
}

/** KIP-511: an unknown version of ApiVersions is answered in version 0, with the range that is known. */
function unknownVersion(): unknown {
  const [minVersion, maxVersion] = ApiVersions.versions
  return {
    ...ApiVersions.response.absent,
    errorCode: errorCode('UNSUPPORTED_VERSION'),
    apiKeys: [{ apiKey: ApiVersions.key, minVersion, maxVersion }],
  }
}

/** Waits, but not longer than the connection lives. */
function pause(ms: number, stopped: AbortSignal): Promise<void> {
  if (ms === 0 || stopped.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      stopped.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    stopped.addEventListener('abort', done)
  })
}
