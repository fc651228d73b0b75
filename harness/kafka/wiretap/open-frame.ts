import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import {
  type AnyApi,
  type RequestHeader,
  readRequest,
  readRequestHeader,
  readResponse,
} from '../protocol/api.ts'
import { APIS } from '../protocol/apis.ts'
import { errorCode } from '../protocol/error-codes.ts'
import { Reader } from '../protocol/reader.ts'

/** A request as far as the grammar can read it. */
export interface OpenedRequest {
  /** Null when not even the header could be read. */
  header: RequestHeader | null
  /** Null when the API is not in the grammar. */
  api: AnyApi | null
  /** Kafka's name of the API, or `API 99`. */
  name: string
  /** Null when it could not be read. */
  body: unknown
  /** Why it could not be read, in words. */
  unread: string | null
  /** What keeping it takes, in bytes, roughly: the frame, and an object for each item of its lists. */
  heldBytes: number
}

/** An item of one byte becomes an object of so many. */
const ITEM_BYTES = 64

/** Reads a request frame, its length included. Never throws: the frame is somebody else's. */
export function openRequest(frame: Buffer): OpenedRequest {
  const from = new Reader(frame, 4)
  let header: RequestHeader | null = null
  let api: AnyApi | null = null
  const opened = (body: unknown, unread: string | null): OpenedRequest => {
    const name = api?.name ?? (header ? `API ${header.apiKey}` : 'unreadable')
    const heldBytes = frame.length + (unread === null ? from.itemsRead * ITEM_BYTES : 0)
    return { header, api, name, body, unread, heldBytes }
  }
  try {
    header = readRequestHeader(from)
    api = APIS.get(header.apiKey) ?? null
    if (!api) return opened(null, `API key ${header.apiKey} is not in the grammar`)
    if (!inGrammar(api, header.apiVersion)) return opened(null, notInGrammar(api, header.apiVersion))
    return opened(readRequest(api, header, from), null)
  } catch (error) {
    return opened(null, `the request could not be read: ${(error as Error).message}`)
  }
}

/** What the journal keeps of bytes that are no frame at all. */
export function noFrame(why: string): OpenedRequest {
  const unread = `the connection was closed: ${why}`
  return { header: null, api: null, name: 'unreadable', body: null, unread, heldBytes: 0 }
}

/** A response as far as the grammar can read it, and the version that it was written in. */
export interface OpenedResponse {
  version: number
  body: unknown
  unread: string | null
}

/** Reads the response frame, its length included, to a request of this API and version. Never throws. */
export function openResponse(api: AnyApi, version: number, frame: Buffer): OpenedResponse {
  if (!inGrammar(api, version)) return { version, body: null, unread: notInGrammar(api, version) }
  try {
    const written = isUnknownVersion(api, frame) ? 0 : version
    return { version: written, body: readResponse(api, written, frame.subarray(4)).body, unread: null }
  } catch (error) {
    return { version, body: null, unread: `the answer could not be read: ${(error as Error).message}` }
  }
}

/** A broker answers an ApiVersions request that it does not know in version 0, with error 35 (KIP-511). */
function isUnknownVersion(api: AnyApi, frame: Buffer): boolean {
  return api.key === ApiVersions.key && frame.readInt16BE(8) === errorCode('UNSUPPORTED_VERSION')
}

export function inGrammar(api: AnyApi, version: number): boolean {
  return version >= api.versions[0] && version <= api.versions[1]
}

function notInGrammar(api: AnyApi, version: number): string {
  return `${api.name} version ${version} is not in the grammar (${api.versions.join(' to ')})`
}
