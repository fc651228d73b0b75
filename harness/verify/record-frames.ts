import { mkdirSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { type Address, parseBootstrap } from '../kafka/client/address.ts'
import { readRequestHeader, writeResponse } from '../kafka/protocol/api.ts'
import { APIS, apiNamed } from '../kafka/protocol/apis.ts'
import { frames } from '../kafka/protocol/frames.ts'
import { Reader } from '../kafka/protocol/reader.ts'
import { openResponse } from '../kafka/wiretap/open-frame.ts'
import { type Routes, rewriteAnswer } from '../kafka/wiretap/rewrite.ts'

/** One request and its response as they went over the wire: whole frames, base64. */
export interface RecordedExchange {
  api: string
  version: number
  request: string
  response: string
}

/** Longer exchanges are kept only where nothing shorter was seen, so that the file stays small. */
const LONG_ENOUGH = 3_000

/**
 * Runs a client against the real Kafka at `bootstrap` (HOST:PORT, one node) through a proxy, and writes to `outFile`, as
 * JSON, one exchange per API and version that it used: the longest one that is not too long, since it shows the most.
 * `use` is given the address of the proxy, which offers only versions of the grammar, as a wiretap does.
 */
export async function recordFrames(
  bootstrap: string,
  outFile: string,
  use: (proxy: string) => Promise<void>,
): Promise<void> {
  const [node] = parseBootstrap(bootstrap) as [Address]
  const recorded = new Map<string, RecordedExchange>()
  const proxy = net.createServer((client) => {
    const { port } = proxy.address() as net.AddressInfo
    const routes = { local: async () => ({ host: '127.0.0.1', port }), onlyNode: () => {} }
    recordConnection(client, net.connect({ ...node }), routes, (exchange) => keepBest(recorded, exchange))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  try {
    await use(`127.0.0.1:${(proxy.address() as net.AddressInfo).port}`)
  } finally {
    proxy.close()
  }
  const keys = [...APIS.values()].map(({ name }) => name)
  const exchanges = [...recorded.values()].sort(
    (a, b) => keys.indexOf(a.api) - keys.indexOf(b.api) || a.version - b.version,
  )
  mkdirSync(path.dirname(outFile), { recursive: true })
  writeFileSync(outFile, `${JSON.stringify(exchanges, null, 2)}\n`)
}

/** Relays one connection; what is recorded is what Kafka sent, not what the client is told in its place. */
function recordConnection(
  client: net.Socket,
  broker: net.Socket,
  routes: Routes,
  keep: (exchange: RecordedExchange) => void,
): void {
  const asked = new Map<number, Omit<RecordedExchange, 'response'>>()
  void relay(client, broker, async (request) => {
    const { apiKey, apiVersion, correlationId } = readRequestHeader(new Reader(request, 4))
    const api = APIS.get(apiKey)?.name
    if (api) asked.set(correlationId, { api, version: apiVersion, request: request.toString('base64') })
    return request
  })
  void relay(broker, client, async (response) => {
    const correlationId = response.readInt32BE(4)
    const request = asked.get(correlationId)
    const api = request && apiNamed(request.api)
    asked.delete(correlationId)
    if (!api) return response
    keep({ ...request, response: response.toString('base64') })
    const { version, body, unread } = openResponse(api, request.version, response)
    const rewritten = unread === null ? await rewriteAnswer(api, body, routes) : null
    return rewritten === null ? response : writeResponse(api, version, correlationId, rewritten)
  })
}

/** Hands on every frame as `pass` gives it back; closes both sides when one of them ends. */
async function relay(
  from: net.Socket,
  to: net.Socket,
  pass: (frame: Buffer) => Promise<Buffer>,
): Promise<void> {
  try {
    for await (const frame of frames(from)) to.write(await pass(frame))
  } catch {
    // A reset connection ends the recording of it, nothing more: the client sees the close and says what it was doing.
  } finally {
    from.destroy()
    to.destroy()
  }
}

function keepBest(recorded: Map<string, RecordedExchange>, exchange: RecordedExchange): void {
  const key = `${exchange.api} ${exchange.version}`
  const before = recorded.get(key)
  if (!before || worth(exchange) > worth(before)) recorded.set(key, exchange)
}

/** The longer the better up to LONG_ENOUGH bytes; beyond it the shorter the better. */
function worth({ request, response }: RecordedExchange): number {
  const length = request.length + response.length
  return length <= LONG_ENOUGH ? length : -length
}
