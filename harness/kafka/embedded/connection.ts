import type { Duplex } from 'node:stream'
import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import { type RequestHeader, readRequest, readRequestHeader, responsePieces } from '../protocol/api.ts'
import { frames } from '../protocol/frames.ts'
import { MalformedError, Reader } from '../protocol/reader.ts'
import { OversizedError } from '../protocol/writer.ts'
import { unsupportedApiVersions } from './api/18-api-versions.ts'
import type { Handler, RequestContext } from './handler.ts'
import { HANDLERS } from './handlers.ts'
import { IdleWatch } from './idle-watch.ts'
import { Refusal } from './refusal.ts'

const BY_KEY: ReadonlyMap<number, Handler> = new Map(HANDLERS.map((one) => [one.api.key, one]))

/** What a connection knows of the broker; the rest of a RequestContext comes with each request. */
export interface ConnectionContext extends Pick<RequestContext, 'state' | 'nodeId' | 'clientHost'> {
  /** What is served, by API key, in place of HANDLERS. */
  handlers?: ReadonlyMap<number, Handler>
  /** Hears of errors in the broker itself; what clients do wrong is none. */
  onBug: (error: unknown) => void
  /** Hears why the broker closes this connection: what the client sent, or asked for. */
  onRefused?: (why: Error) => void
}

/**
 * Serves one client until it goes. Requests are answered strictly one after the other, and the next one is not even read
 * before: Kafka mutes the channel in the same way (kafka.network.SocketServer). So a request that has to wait holds up all
 * that follow on its connection. What Kafka does not understand closes this connection, and no other; so does standing
 * still for `connections.max.idle.ms`.
 */
export async function serve(stream: Duplex, context: ConnectionContext): Promise<void> {
  const { onBug, onRefused, handlers = BY_KEY, ...about } = context
  const { clock, settings } = about.state
  const gone = new AbortController()
  stream.once('close', () => gone.abort())
  const idle = new IdleWatch(clock, Number(settings['connections.max.idle.ms']), () => stream.destroy())
  try {
    for await (const frame of frames(incoming(stream, idle), Number(settings['socket.request.max.bytes']))) {
      const answer = await respond(frame, handlers, { ...about, gone: gone.signal })
      if (answer !== null) await send(stream, answer)
      idle.moved()
    }
  } catch (error) {
    if (isRefused(error)) onRefused?.(error)
    else if (!isGone(error)) onBug(error)
  } finally {
    idle.stop()
    stream.destroy()
  }
}

async function* incoming(stream: Duplex, idle: IdleWatch): AsyncGenerator<Buffer> {
  // The stream is destroyed above: left to the iterator, that would be an error of the stream.
  for await (const piece of stream.iterator({ destroyOnReturn: false })) {
    idle.moved()
    yield piece
  }
}

/** A client that sends nonsense or asks for too much, or an acks=0 request that was refused. */
function isRefused(error: unknown): error is Error {
  return error instanceof MalformedError || error instanceof OversizedError || error instanceof Refusal
}

/** Whether the stream has ended: EPIPE, ECONNRESET, ERR_STREAM_DESTROYED. Other ERR_ codes are bugs. */
function isGone(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException
  return /^(ERR_STREAM_|E(?!RR_))/.test(code)
}

/** Writes, and waits until the stream has taken it: a client that does not read gets no further answers. */
function send(stream: Duplex, answer: Buffer[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const last = answer.length - 1
    stream.cork()
    for (const [index, piece] of answer.entries()) {
      stream.write(piece, (error) => {
        if (error) reject(error)
        else if (index === last) resolve()
      })
    }
    stream.uncork()
  })
}

type Asker = Omit<RequestContext, 'apiVersion' | 'clientId'>

/** The answer to one frame, whose length prefix comes with it; null when Kafka sends none. */
async function respond(
  frame: Buffer,
  handlers: ReadonlyMap<number, Handler>,
  asker: Asker,
): Promise<Buffer[] | null> {
  const from = new Reader(frame, 4)
  const header = readRequestHeader(from)
  const served = handlers.get(header.apiKey)
  if (!served || !isServed(served, header.apiVersion)) return respondUnsupported(served, header)
  const request = readRequest(served.api, header, from)
  const { apiVersion, clientId } = header
  const answer = await served.handle(request, { ...asker, apiVersion, clientId: clientId ?? '' })
  return answer === null ? null : responsePieces(served.api, apiVersion, header.correlationId, answer)
}

/** A version may be advertised and still not be served (see Produce). */
function isServed({ api, versions }: Handler, version: number): boolean {
  return [versions, api.versions].every(([first, last]) => version >= first && version <= last)
}

function respondUnsupported(served: Handler | undefined, header: RequestHeader): Buffer[] {
  if (served?.api.key === ApiVersions.key) {
    return responsePieces(ApiVersions, 0, header.correlationId, unsupportedApiVersions(served))
  }
  throw new MalformedError(`version ${header.apiVersion} of API ${header.apiKey} is not served`)
}
