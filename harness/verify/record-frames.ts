import { mkdirSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { type Address, parseBootstrap } from '../kafka/client/address.ts'
import { readRequestHeader } from '../kafka/protocol/api.ts'
import { APIS } from '../kafka/protocol/apis.ts'
import { frames } from '../kafka/protocol/frames.ts'
import { Reader } from '../kafka/protocol/reader.ts'
import { useEveryApi } from './use-every-api.ts'

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
 * Runs kafkajs against the real Kafka at `bootstrap` (HOST:PORT, one node) through a proxy, and writes to `outFile`, as
 * JSON, one exchange per API and version that it used: the longest one that is not too long, since it shows the most.
 */
export async function recordFrames(bootstrap: string, outFile: string): Promise<void> {
  const [node] = parseBootstrap(bootstrap) as [Address]
  const recorded = new Map<string, RecordedExchange>()
  const proxy = net.createServer((client) => {
    const broker = net.connect({ ...node })
    const asked = new Map<number, Omit<RecordedExchange, 'response'>>()
    void relay(client, broker, (request) => {
      const { apiKey, apiVersion, correlationId } = readRequestHeader(new Reader(request, 4))
      const api = APIS.get(apiKey)?.name
      if (api) asked.set(correlationId, { api, version: apiVersion, request: request.toString('base64') })
    })
    void relay(broker, client, (response) => {
      const correlationId = response.readInt32BE(4)
      const request = asked.get(correlationId)
      asked.delete(correlationId)
      if (request) keepBest(recorded, { ...request, response: response.toString('base64') })
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  try {
    await useEveryApi(bootstrap, (proxy.address() as net.AddressInfo).port)
  } finally {
    proxy.close()
  }
  const keys = [...APIS.values()].map(({ name }) => name)
  const exchanges = [...recorded.values()].sort((a, b) => keys.indexOf(a.api) - keys.indexOf(b.api))
  mkdirSync(path.dirname(outFile), { recursive: true })
  writeFileSync(outFile, `${JSON.stringify(exchanges, null, 2)}\n`)
}

/** Hands on every frame after `look` saw it; closes both sides when one of them ends. */
async function relay(from: net.Socket, to: net.Socket, look: (frame: Buffer) => void): Promise<void> {
  try {
    for await (const frame of frames(from)) {
      look(frame)
      to.write(frame)
    }
  } catch {
    // A reset connection ends the recording of it, nothing more: kafkajs sees the close and says what it was doing.
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
