import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { type AnyApi, writeRequest } from '../../kafka/protocol/api.ts'
import { APIS } from '../../kafka/protocol/apis.ts'
import { crc32c } from '../../kafka/protocol/crc32c.ts'
import { writeBatch } from '../../kafka/protocol/record-batch.ts'
import type { RecordedExchange } from '../record-frames.ts'
import { ANYTHING, arbitraryBytes, arbitraryValue, type Leaves } from './arbitrary-message.ts'

/** What the messages speak of, so that many of them hit something that exists. */
export const TOPICS = Array.from({ length: 6 }, (_, index) => `fuzz-${index}`)
const GROUPS = ['fuzz-group-0', 'fuzz-group-1', 'fuzz-group-2']
const TRANSACTIONAL_IDS = ['fuzz-tx-0', 'fuzz-tx-1']
const WORDS = ['', 'consumer', 'range', 'cleanup.policy', 'compact', 'delete', 'retention.ms', '-1', '1']

/** One request, as a value and as it goes over the wire, its length included. */
export interface Message {
  api: AnyApi
  version: number
  body: unknown
  frame: Buffer
}

/** The requests that kafkajs sent to a real Kafka, from `recorded/4.3.1.json`. */
export function recordedFrames(file: string): Buffer[] {
  const recorded: RecordedExchange[] = JSON.parse(readFileSync(file, 'utf8'))
  return recorded.map(({ request }) => Buffer.from(request, 'base64'))
}

/** `each` arbitrary requests of every API in every version of the grammar. The same seed gives the same ones. */
export function arbitraryMessages(seed: number, each: number): Message[] {
  const versions = [...APIS.values()].flatMap((api) =>
    range(...api.versions).map((version) => ({ api, version })),
  )
  return versions.flatMap(({ api, version }, index) => {
    const bodies = arbitraryValue(api.request, version, LIKELY)
    return fc.sample(bodies, { seed: seed + index, numRuns: each }).map((body, correlationId) => ({
      api,
      version,
      body,
      frame: frameOf(api, version, body, correlationId),
    }))
  })
}

export function frameOf(api: AnyApi, version: number, body: unknown, correlationId = 0): Buffer {
  return writeRequest(api, { apiVersion: version, correlationId, clientId: 'fuzz' }, body)
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** A batch that is right in itself, or was changed behind its header and given the right checksum again. */
const arbitraryBatch: fc.Arbitrary<Buffer> = fc
  .record({
    values: fc.array(fc.option(arbitraryBytes), { minLength: 1, maxLength: 3 }),
    compression: fc.constantFrom('none' as const, 'gzip' as const),
    producerId: fc.constantFrom(-1n, -1n, 0n, 1n, 2n),
    baseSequence: fc.constantFrom(-1, 0, 1, 2),
    transactional: fc.boolean(),
    flips: fc.array(fc.record({ at: fc.nat(), bit: fc.nat(7) }), { maxLength: 3 }),
  })
  .map(({ values, flips, ...content }) => {
    const timestamp = BigInt(Date.UTC(2026, 0, 1))
    const records = values.map((value) => ({ timestamp, key: null, value, headers: [] }))
    const batch = writeBatch({ ...content, producerEpoch: content.producerId < 0n ? -1 : 0, records })
    for (const { at, bit } of flips) flip(batch, ATTRIBUTES_AT + (at % (batch.length - ATTRIBUTES_AT)), bit)
    batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CRC_AT)
    return batch
  })

const CRC_AT = 17
const ATTRIBUTES_AT = 21

export function flip(bytes: Buffer, at: number, bit: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
}

/** Small numbers and names that exist come often, so that requests get far into the broker. */
const LIKELY: Leaves = {
  integer: (bits) =>
    fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: -1, max: 3 }) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(...[100, 6_000, 30_000].filter((one) => one < 2 ** (bits - 1))),
      },
      { weight: 1, arbitrary: ANYTHING.integer(bits) },
    ),
  int64: fc.oneof(
    { weight: 5, arbitrary: fc.bigInt({ min: -3n, max: 5n }) },
    { weight: 1, arbitrary: ANYTHING.int64 },
  ),
  text: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...TOPICS) },
    { weight: 3, arbitrary: fc.constantFrom(...GROUPS, ...TRANSACTIONAL_IDS) },
    { weight: 2, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 1, arbitrary: ANYTHING.text },
  ),
  bytes: fc.oneof({ weight: 3, arbitrary: arbitraryBatch }, { weight: 1, arbitrary: arbitraryBytes }),
}
