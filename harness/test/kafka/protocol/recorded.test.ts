import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ApiVersions } from '../../../kafka/protocol/api/18-api-versions.ts'
import {
  type AnyApi,
  readRequest,
  readRequestHeader,
  readResponse,
  writeRequest,
  writeResponse,
} from '../../../kafka/protocol/api.ts'
import { APIS, apiNamed } from '../../../kafka/protocol/apis.ts'
import { readMarker, writeMarker } from '../../../kafka/protocol/control-batch.ts'
import { Reader } from '../../../kafka/protocol/reader.ts'
import {
  isIntact,
  placeBatch,
  readBatchHeader,
  readRecords,
  splitBatches,
} from '../../../kafka/protocol/record-batch.ts'
import type { RecordedExchange } from '../../../verify/record-frames.ts'

const folder = new URL('recorded/', import.meta.url)

function read(file: string): RecordedExchange[] {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
}

const recorded = read('4.3.1.json')

/** In the grammar, but kafkajs has no call that sends them. */
const NOT_IN_KAFKAJS = ['OffsetForLeaderEpoch', 'IncrementalAlterConfigs', 'OffsetDelete', 'DescribeCluster']

test('every API of the grammar that kafkajs uses is recorded', () => {
  const names = [...APIS.values()].map(({ name }) => name)
  expect(recorded.map(({ api }) => api)).toEqual(names.filter((name) => !NOT_IN_KAFKAJS.includes(name)))
})

/** Other clients send later versions than kafkajs has; each file is named after one. */
const all = readdirSync(folder).flatMap((file) => {
  const client = /^4\.3\.1-(.+)\.json$/.exec(file)?.[1] ?? 'kafkajs'
  return read(file).map((one) => ({ ...one, client }))
})

/** No client in the recordings asks for them in the last version of the grammar. */
const NOT_IN_LAST_VERSION = ['OffsetForLeaderEpoch', 'CreateAcls', 'AlterConfigs']

test('the last version of every API is recorded', () => {
  const last = [...APIS.values()].filter(({ name, versions }) =>
    all.some((one) => one.api === name && one.version === versions[1]),
  )
  const missing = [...APIS.values()].filter((one) => !last.includes(one)).map(({ name }) => name)
  expect(missing).toEqual(NOT_IN_LAST_VERSION)
})

describe.each(all)('$api v$version of $client and Kafka 4.3.1', (exchange) => {
  const api = apiNamed(exchange.api) as AnyApi
  const request = Buffer.from(exchange.request, 'base64')
  const response = Buffer.from(exchange.response, 'base64')

  test('the request is written back byte for byte', () => {
    const from = new Reader(request, 4)
    const header = readRequestHeader(from)
    const body = readRequest(api, header, from)
    expect(header).toMatchObject({ apiKey: api.key, apiVersion: exchange.version })
    expect(from.remaining).toBe(0)
    expect(writeRequest(api, header, body)).toEqual(request)
  })

  test('the response is written back byte for byte', () => {
    const { correlationId, body } = readResponse(api, exchange.version, response.subarray(4))
    const written = writeResponse(api, exchange.version, correlationId, body)
    // Its features travel in tags, which the grammar skips (KIP-584).
    const hasTags = api.key === ApiVersions.key && exchange.version >= api.flexibleFrom
    if (hasTags) expect(readResponse(api, exchange.version, written.subarray(4)).body).toEqual(body)
    else expect(written).toEqual(response)
  })
})

describe('the record batches that Kafka 4.3.1 answered', () => {
  const fetch = recorded.find(({ api }) => api === 'Fetch') as RecordedExchange
  const { body } = readResponse(
    apiNamed('Fetch') as AnyApi,
    fetch.version,
    Buffer.from(fetch.response, 'base64').subarray(4),
  )
  const batches: Buffer[] = body.responses.flatMap(({ partitions }: { partitions: { records: Buffer }[] }) =>
    partitions.flatMap(({ records }) => splitBatches(records)),
  )
  const markers = batches.filter((batch) => readBatchHeader(batch).control)

  test('are intact and readable, packed or not', () => {
    const compressions = new Set(batches.map((batch) => readBatchHeader(batch).compression))
    expect(compressions).toEqual(new Set(['none', 'gzip']))
    for (const batch of batches) {
      expect(isIntact(batch)).toBe(true)
      expect(readRecords(batch)).toHaveLength(readBatchHeader(batch).count)
    }
  })

  test('have offsets without a gap, markers included', () => {
    const offsets = batches.flatMap((batch) => readRecords(batch).map(({ offset }) => offset))
    expect(offsets).toEqual(offsets.map((_, index) => BigInt(index)))
  })

  test('have one marker per transaction, and it is what writeMarker writes', () => {
    expect(markers.map(readMarker)).toEqual(['commit', 'abort'])
    for (const batch of markers) {
      const header = readBatchHeader(batch)
      const written = writeMarker({
        marker: readMarker(batch) as 'commit' | 'abort',
        producerId: header.producerId,
        producerEpoch: header.producerEpoch,
        coordinatorEpoch: readRecords(batch)[0]?.value?.readInt32BE(2) as number,
        timestamp: header.baseTimestamp,
      })
      placeBatch(written, header.baseOffset, header.partitionLeaderEpoch)
      expect(written).toEqual(batch)
    }
  })

  test('name the aborted transaction, from its first record on', () => {
    const aborted = body.responses.flatMap(
      ({ partitions }: { partitions: { abortedTransactions: object[] }[] }) =>
        partitions.flatMap((one) => one.abortedTransactions),
    )
    const first = batches[batches.indexOf(markers[1] as Buffer) - 1] as Buffer
    const { producerId, baseOffset } = readBatchHeader(first)
    expect(aborted).toEqual([{ producerId, firstOffset: baseOffset }])
  })
})
