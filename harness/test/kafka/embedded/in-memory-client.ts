import { once } from 'node:events'
import { duplexPair } from 'node:stream'
import { serve } from '../../../kafka/embedded/connection.ts'
import { createState, type State } from '../../../kafka/embedded/state.ts'
import { type Api, readResponse, writeRequest } from '../../../kafka/protocol/api.ts'
import { frames } from '../../../kafka/protocol/frames.ts'

/** A cluster that listens nowhere; its nodes are 1, 2, 3 and so on. */
export function clusterWithoutSockets({
  nodes = 1,
  ...options
}: Parameters<typeof createState>[0] & { nodes?: number } = {}): State {
  const state = createState(options)
  for (let id = 1; id <= nodes; id++) state.nodes.register({ id, host: '127.0.0.1', port: 9091 + id })
  return state
}

/** One connection to a node of the embedded broker without any socket. */
export function inMemoryClient(state: State, nodeId = 1) {
  const [client, server] = duplexPair()
  const bugs: unknown[] = []
  const closed = once(server, 'close')
  void serve(server, {
    state,
    nodeId,
    clientHost: '127.0.0.1',
    onBug: (bug) => bugs.push(bug),
  })
  const answers = frames(client)[Symbol.asyncIterator]()
  let lastId = 0

  return {
    /** Resolves when the broker has closed this connection. */
    closed,
    /** Errors of the broker itself; there should be none. */
    bugs,
    write: (bytes: Buffer) => client.write(bytes),
    /** Sends a request without waiting; returns its correlation id. */
    send<Request>(
      api: Api<Request, never> | Api<Request, unknown>,
      apiVersion: number,
      body: Request,
    ): number {
      lastId += 1
      client.write(writeRequest(api, { apiVersion, correlationId: lastId, clientId: 'test' }, body))
      return lastId
    },
    /** The next answer, read as one of `api`. */
    async answer<Response>(api: Api<never, Response> | Api<unknown, Response>, version: number) {
      const { value, done } = await answers.next()
      if (done || !value) throw new Error('the broker closed the connection')
      return readResponse(api, version, value.subarray(4))
    },
    async call<Request, Response>(
      api: Api<Request, Response>,
      version: number,
      body: Request,
    ): Promise<Response> {
      client.write(writeRequest(api, { apiVersion: version, correlationId: 0, clientId: 'test' }, body))
      const { value, done } = await answers.next()
      if (done || !value) throw new Error('the broker closed the connection')
      return readResponse(api, version, value.subarray(4)).body
    },
  }
}

export type InMemoryClient = ReturnType<typeof inMemoryClient>
