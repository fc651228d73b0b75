import type { Codec } from './codec.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** One API of the protocol: its key, the versions that this grammar can read and write, and both messages. */
export interface Api<Request, Response> {
  readonly key: number
  /** Kafka's own name, for instance `OffsetCommit`. */
  readonly name: string
  /** First and last version in the grammar. */
  readonly versions: readonly [first: number, last: number]
  /** The first version with compact lengths and tag buffers (KIP-482); Infinity when the grammar ends before it. */
  readonly flexibleFrom: number
  readonly request: Codec<Request>
  readonly response: Codec<Response>
}

/** Defines an API; the definition is the single source for reading, writing and advertising it. */
export function api<Request, Response>(
  key: number,
  name: string,
  versions: readonly [number, number],
  messages: { flexibleFrom?: number; request: Codec<Request>; response: Codec<Response> },
): Api<Request, Response> {
  const { flexibleFrom = Number.POSITIVE_INFINITY, request, response } = messages
  return { key, name, versions, flexibleFrom, request, response }
}

// biome-ignore lint/suspicious/noExplicitAny: a list of APIs mixes every message type
export type AnyApi = Api<any, any>

/** The type of the request, or of the response, of an API definition. */
export type RequestOf<A> = A extends Api<infer Request, infer _> ? Request : never
export type ResponseOf<A> = A extends Api<infer _, infer Response> ? Response : never

export interface RequestHeader {
  apiKey: number
  apiVersion: number
  correlationId: number
  clientId: string | null
}

/** A frame is INT32 length, header, body. These functions read and write what follows the length. */
export function readRequestHeader(from: Reader): RequestHeader {
  return {
    apiKey: from.int16(),
    apiVersion: from.int16(),
    correlationId: from.int32(),
    clientId: readClientId(from),
  }
}

/** The client id keeps the old INT16 length even in header version 2. */
function readClientId(from: Reader): string | null {
  const length = from.int16()
  return length < 0 ? null : from.raw(length).toString('utf8')
}

/**
 * Reads the request body that follows `header`; throws MalformedError when bytes are missing. Bytes after the body are
 * ignored, as real Kafka ignores them (tried on 4.3.1).
 */
export function readRequest<Request>(
  of: Api<Request, unknown>,
  header: RequestHeader,
  from: Reader,
): Request {
  from.flexible = header.apiVersion >= of.flexibleFrom
  if (from.flexible) from.skipTags()
  return of.request.read(from, header.apiVersion)
}

/** A whole request frame, its length included. */
export function writeRequest<Request>(
  of: Api<Request, never> | Api<Request, unknown>,
  header: Omit<RequestHeader, 'apiKey'>,
  body: Request,
): Buffer {
  const to = new Writer()
  to.int32(0)
  to.int16(of.key)
  to.int16(header.apiVersion)
  to.int32(header.correlationId)
  const clientId = header.clientId === null ? null : Buffer.from(header.clientId, 'utf8')
  to.int16(clientId?.length ?? -1)
  if (clientId) to.raw(clientId)
  to.flexible = header.apiVersion >= of.flexibleFrom
  if (to.flexible) to.noTags()
  of.request.write(to, body, header.apiVersion)
  return Buffer.concat(closeFrame(to))
}

/** ApiVersions answers always have response header version 0, without a tag buffer (KIP-511). */
const API_VERSIONS_KEY = 18

/** A whole response frame, its length included. */
export function writeResponse<Response>(
  of: Api<never, Response> | Api<unknown, Response>,
  version: number,
  correlationId: number,
  body: Response,
): Buffer {
  return Buffer.concat(responsePieces(of, version, correlationId, body))
}

/** The same in pieces, for a socket: large records are not copied. */
export function responsePieces<Response>(
  of: Api<never, Response> | Api<unknown, Response>,
  version: number,
  correlationId: number,
  body: Response,
): Buffer[] {
  const to = new Writer()
  to.int32(0)
  to.int32(correlationId)
  to.flexible = version >= of.flexibleFrom
  if (to.flexible && of.key !== API_VERSIONS_KEY) to.noTags()
  of.response.write(to, body, version)
  return closeFrame(to)
}

/** Reads a response frame without its length. */
export function readResponse<Response>(
  of: Api<never, Response> | Api<unknown, Response>,
  version: number,
  frame: Buffer,
): { correlationId: number; body: Response } {
  const from = new Reader(frame)
  const correlationId = from.int32()
  from.flexible = version >= of.flexibleFrom
  if (from.flexible && of.key !== API_VERSIONS_KEY) from.skipTags()
  return { correlationId, body: of.response.read(from, version) }
}

function closeFrame(to: Writer): Buffer[] {
  const pieces = to.pieces()
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  pieces[0]?.writeInt32BE(length - 4, 0)
  return pieces
}
