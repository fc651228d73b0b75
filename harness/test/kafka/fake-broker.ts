import net from 'node:net'
import { ApiVersions } from '../../kafka/protocol/api/18-api-versions.ts'
import {
  type AnyApi,
  type RequestHeader,
  readRequest,
  readRequestHeader,
  writeResponse,
} from '../../kafka/protocol/api.ts'
import { APIS } from '../../kafka/protocol/apis.ts'
import { frames } from '../../kafka/protocol/frames.ts'
import { Reader } from '../../kafka/protocol/reader.ts'

export interface FakeBroker {
  host: string
  port: number
  bootstrap: string
  /** Every frame that arrived, its length included. */
  received: Buffer[]
  connections: Set<net.Socket>
  close(): Promise<void>
}

/** A scripted answer: a body, whole frames as they are, or null for none. */
export type Script = (api: AnyApi | undefined, request: unknown, header: RequestHeader) => unknown

/** A broker that answers by a script. ApiVersions is answered with the whole grammar unless the script does it. */
export async function fakeBroker(script: Script): Promise<FakeBroker> {
  const received: Buffer[] = []
  const connections = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    socket.on('error', () => {})
    serve(socket).catch(() => socket.destroy())
  })

  async function serve(socket: net.Socket): Promise<void> {
    for await (const frame of frames(socket)) {
      received.push(frame)
      const from = new Reader(frame, 4)
      const header = readRequestHeader(from)
      const api = APIS.get(header.apiKey)
      const known = api && header.apiVersion >= api.versions[0] && header.apiVersion <= api.versions[1]
      const body = script(api, known ? readRequest(api, header, from) : null, header) ?? fallback(api)
      if (Buffer.isBuffer(body)) socket.write(body)
      else if (body && api) socket.write(writeResponse(api, header.apiVersion, header.correlationId, body))
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  return {
    host: '127.0.0.1',
    port,
    bootstrap: `127.0.0.1:${port}`,
    received,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of connections) socket.destroy()
      }),
  }
}

function fallback(api: AnyApi | undefined): unknown {
  if (api?.key !== ApiVersions.key) return null
  const apiKeys = [...APIS.values()].map((one) => ({
    apiKey: one.key,
    minVersion: one.versions[0],
    maxVersion: one.versions[1],
  }))
  return { ...ApiVersions.response.absent, apiKeys }
}
