import type { Duplex } from 'node:stream'
import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import { type RequestHeader, readRequest, readRequestHeader, writeResponse } from '../protocol/api.ts'
import { frames } from '../protocol/frames.ts'
import { MalformedError, Reader } from '../protocol/reader.ts'
import { unsupportedApiVersions } from './api/18-api-versions.ts'
import type { Handler, RequestContext } from './handler.ts'
import { Refusal } from './refusal.ts'

/** What a connection knows of the broker; the rest of a RequestContext comes with each request. */
export interface ConnectionContext extends Pick<RequestContext, 'state' | 'nodeId' | 'clientHost'> {
  /** What is served, by API key. */
  handlers: ReadonlyMap<number, Handler>
  /** Hears of errors in the broker itself; what clients do wrong is none. */
  onFault: (error: unknown) => void
}

/**
 * Serves one client until it goes. Requests are answered strictly one after the other, and the next one is not even read
 * before: Kafka mutes the channel in the same way (kafka.network.SocketServer). So a request that has to wait holds up all
 * that follow on its connection. What Kafka does not understand closes this connection, and no other.
 */
export async function serve(stream: Duplex, context: ConnectionContext): Promise<void> {
  try {
    const maxBytes = Number(context.state.settings['socket.request.max.bytes'])
    // The stream is destroyed below: left to the iterator, that would be an error of the stream.
    const bytes = stream.iterator({ destroyOnReturn: false })
    for await (const frame of frames(bytes, maxBytes)) {
      const answer = await respond(frame, context)
      if (answer !== null) await send(stream, answer)
    }
  } catch (error) {
    if (!isEndOfConnection(error)) context.onFault(error)
  } finally {
    stream.destroy()
  }
}

/** A client that sends nonsense or goes away, or an acks=0 request that was refused: all of that is ordinary. */
function isEndOfConnection(error: unknown): boolean {
  return (
    error instanceof MalformedError || error instanceof Refusal || (error instanceof Error && 'code' in error)
  )
}

/** Writes, and waits until the stream has taken it: a client that does not read gets no further answers. */
function send(stream: Duplex, answer: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(answer, (error) => (error ? reject(error) : resolve()))
  })
}

/** The answer to one frame, whose length prefix comes with it; null when Kafka sends none. */
async function respond(
  frame: Buffer,
  { onFault, handlers, ...connection }: ConnectionContext,
): Promise<Buffer | null> {
  const from = new Reader(frame, 4)
  const header = readRequestHeader(from)
  const served = handlers.get(header.apiKey)
  if (!served || !isServed(served, header.apiVersion)) return respondUnsupported(served, header)
  const request = readRequest(served.api, header, from)
  const { apiVersion, clientId } = header
  const answer = await served.handle(request, { ...connection, apiVersion, clientId: clientId ?? '' })
  return answer === null ? null : writeResponse(served.api, apiVersion, header.correlationId, answer)
}

/** A version may be advertised and still not be served (see Produce). */
function isServed({ api, versions }: Handler, version: number): boolean {
  return [versions, api.versions].every(([first, last]) => version >= first && version <= last)
}

function respondUnsupported(served: Handler | undefined, header: RequestHeader): Buffer {
  if (served?.api.key === ApiVersions.key) {
    return writeResponse(ApiVersions, 0, header.correlationId, unsupportedApiVersions(served))
  }
  throw new MalformedError(`version ${header.apiVersion} of API ${header.apiKey} is not served`)
}
