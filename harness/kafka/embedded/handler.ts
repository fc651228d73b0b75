import type { AnyApi, Api } from '../protocol/api.ts'
import type { State } from './state.ts'

/** What a handler knows beside the request itself. */
export interface RequestContext {
  state: State
  apiVersion: number
  clientId: string
  /** The address that the client reached, `127.0.0.1`, for DescribeGroups and for logs. */
  clientHost: string
  /** The node that was asked. */
  nodeId: number
  /** Aborted when the connection is gone: whoever waits for its sake may stop. */
  gone: AbortSignal
}

/** One API as the embedded broker serves it. */
export interface Handler {
  api: AnyApi
  /** The range that ApiVersions advertises; other versions close the connection, as in Kafka. */
  versions: readonly [first: number, last: number]
  handle(request: unknown, context: RequestContext): unknown
}

/**
 * Registers the handler of an API: the one line that feeds ApiVersions, the table in the documents and the tests.
 * Kafka's errors are values in the answer. `null` means that Kafka does not answer at all (Produce with acks=0); an exception
 * closes the connection. A handler that has to wait returns a promise; the connection stands still until then, as in
 * Kafka.
 */
export function handler<Request, Response>(
  api: Api<Request, Response>,
  versions: readonly [number, number],
  handle: (request: Request, context: RequestContext) => Response | null | Promise<Response | null>,
): Handler {
  return { api, versions, handle: handle as Handler['handle'] }
}
