import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyApi } from '../../../kafka/protocol/api.ts'
import {
  readRequest,
  readRequestHeader,
  readResponse,
  writeRequest,
  writeResponse,
} from '../../../kafka/protocol/api.ts'
import { APIS, apiNamed } from '../../../kafka/protocol/apis.ts'
import { MalformedError, Reader } from '../../../kafka/protocol/reader.ts'
import { arbitraryValue } from '../../../verify/fuzz/arbitrary-message.ts'

const everyVersion = [...APIS.values()].flatMap((api) =>
  versionsOf(api).map((version) => ({ name: api.name, version, api })),
)

function versionsOf({ versions: [first, last] }: AnyApi): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

const arbitraryHeader = fc.record({
  correlationId: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  clientId: fc.option(fc.string({ unit: 'binary' })),
})

describe.each(everyVersion)('$name v$version', ({ api, version }) => {
  const requests = arbitraryValue(api.request, version)
  const responses = arbitraryValue(api.response, version)

  test('a request that was written is read as it was', () => {
    fc.assert(
      fc.property(arbitraryHeader, requests, ({ correlationId, clientId }, body) => {
        const frame = writeRequest(api, { apiVersion: version, correlationId, clientId }, body)
        expect(frame.readInt32BE(0)).toBe(frame.length - 4)
        const from = new Reader(frame, 4)
        const header = readRequestHeader(from)
        expect(header).toEqual({ apiKey: api.key, apiVersion: version, correlationId, clientId })
        expect(readRequest(api, header, from)).toEqual(body)
        expect(from.remaining).toBe(0)
      }),
      { numRuns: 25 },
    )
  })

  test('a response that was written is read as it was', () => {
    fc.assert(
      fc.property(arbitraryHeader, responses, ({ correlationId }, body) => {
        const frame = writeResponse(api, version, correlationId, body)
        expect(frame.readInt32BE(0)).toBe(frame.length - 4)
        expect(readResponse(api, version, frame.subarray(4))).toEqual({ correlationId, body })
      }),
      { numRuns: 25 },
    )
  })

  test('a request with bytes cut off is refused at every length', () => {
    fc.assert(
      fc.property(requests, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (body, part) => {
        const frame = writeRequest(api, { apiVersion: version, correlationId: 1, clientId: 'c' }, body)
        const cut = new Reader(frame.subarray(0, 4 + Math.floor((frame.length - 4) * part)), 4)
        expect(() => readRequest(api, readRequestHeader(cut), cut)).toThrow(MalformedError)
      }),
      { numRuns: 10 },
    )
  })

  test('any bytes are a message or a MalformedError, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const header = { apiKey: api.key, apiVersion: version, correlationId: 1, clientId: null }
        expectOnlyMalformed(() => readRequest(api, header, new Reader(Buffer.from(bytes))))
        expectOnlyMalformed(() => readResponse(api, version, Buffer.from(bytes)))
      }),
      { numRuns: 50 },
    )
  })
})

function expectOnlyMalformed(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedError)
  }
}

test('an array that claims more items than there are bytes is refused before anything is allocated', () => {
  const api = apiNamed('DeleteTopics') as AnyApi
  const claim = Buffer.alloc(64)
  claim.writeInt32BE(0x7fffffff, 0)
  const header = { apiKey: api.key, apiVersion: 1, correlationId: 1, clientId: null }
  expect(() => readRequest(api, header, new Reader(claim))).toThrow(/2147483647 items/)
})

test('unknown tags of a flexible version are skipped (KIP-482)', () => {
  const api = apiNamed('Heartbeat') as AnyApi
  const body = { groupId: 'g', generationId: 3, memberId: 'm', groupInstanceId: null }
  const header = { apiVersion: 4, correlationId: 1, clientId: null }
  const frame = writeRequest(api, header, body)
  // The frame ends in an empty tag buffer; put one with tag 200 and three bytes in its place.
  const tagged = Buffer.concat([frame.subarray(0, -1), Buffer.from([1, 0xc8, 0x01, 3, 7, 7, 7])])
  const from = new Reader(tagged, 4)
  expect(readRequest(api, readRequestHeader(from), from)).toEqual(body)
  expect(from.remaining).toBe(0)
})

test('the answer to ApiVersions never has a tag buffer in its header (KIP-511)', () => {
  const api = apiNamed('ApiVersions') as AnyApi
  const frame = writeResponse(api, 3, 9, { errorCode: 35, apiKeys: [], throttleTimeMs: 0 })
  expect(frame.readInt16BE(8)).toBe(35)
})

test('keys and names are Kafka’s, each once', () => {
  expect(new Set([...APIS.values()].map(({ name }) => name)).size).toBe(APIS.size)
  for (const [key, api] of APIS) {
    expect(api.key).toBe(key)
    expect(apiNamed(api.name)).toBe(api)
  }
  expect(apiNamed('OffsetCommit')?.key).toBe(8)
  expect(apiNamed('offsetCommit')).toBeUndefined()
})
