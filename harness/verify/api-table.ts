import { readFileSync } from 'node:fs'
import path from 'node:path'
import { HANDLERS } from '../kafka/embedded/handlers.ts'
import { ApiVersions } from '../kafka/protocol/api/18-api-versions.ts'
import { readResponse } from '../kafka/protocol/api.ts'
import { markdownTable } from './markdown-table.ts'
import type { RecordedExchange } from './record-frames.ts'

const FRAMES = 'harness/test/kafka/protocol/recorded/4.3.1.json'

/** A line for each handler of the embedded broker, and the keys that it has none for. */
export function apiTable(root: string): string[] {
  const kafkas = versionsOfKafka(root)
  const rows = HANDLERS.map(({ api, versions }) => [
    `${api.key}`,
    api.name,
    range(versions),
    kafkas.get(api.key) ?? 'none',
  ])
  const served = new Set(HANDLERS.map(({ api }) => api.key))
  const missing = [...kafkas.keys()].filter((key) => !served.has(key))
  return [
    ...markdownTable(['>key', 'API', 'served here', 'Kafka 4.3.1'], rows),
    '',
    `Kafka 4.3.1 advertises ${missing.length} more keys: ${missing.join(', ')}.`,
  ]
}

/** What Kafka 4.3.1 answered to ApiVersions when its frames were recorded, by API key. */
function versionsOfKafka(root: string): Map<number, string> {
  const recorded: RecordedExchange[] = JSON.parse(readFileSync(path.join(root, FRAMES), 'utf8'))
  const exchange = recorded.find(({ api }) => api === ApiVersions.name)
  if (!exchange) throw new Error(`${FRAMES} has no ${ApiVersions.name}`)
  const frame = Buffer.from(exchange.response, 'base64').subarray(4)
  const { apiKeys } = readResponse(ApiVersions, exchange.version, frame).body
  return new Map(
    apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, range([minVersion, maxVersion])]),
  )
}

function range([first, last]: readonly [number, number]): string {
  return first === last ? `${first}` : `${first}-${last}`
}
