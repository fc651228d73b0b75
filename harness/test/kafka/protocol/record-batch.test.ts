import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UnsupportedCompressionError } from '../../../kafka/protocol/compression.ts'
import { readMarker, writeMarker } from '../../../kafka/protocol/control-batch.ts'
import { crc32c } from '../../../kafka/protocol/crc32c.ts'
import { MalformedError } from '../../../kafka/protocol/reader.ts'
import type { NewRecord } from '../../../kafka/protocol/record-batch.ts'
import {
  isIntact,
  placeBatch,
  readBatchHeader,
  readRecords,
  splitBatches,
  writeBatch,
} from '../../../kafka/protocol/record-batch.ts'
import { arbitraryBytes } from '../../../verify/fuzz/arbitrary-message.ts'

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const part = fc.option(arbitraryBytes)
const arbitraryRecord: fc.Arbitrary<NewRecord> = fc.record(
  {
    timestamp: int64,
    key: part,
    value: part,
    headers: fc.array(fc.tuple(fc.string({ unit: 'binary' }), part), { maxLength: 3 }),
  },
  { noNullPrototype: true },
)
const arbitraryRecords = fc.array(arbitraryRecord, { minLength: 1, maxLength: 5 })
const compression = fc.constantFrom('none', 'gzip')

function plain(value: string): NewRecord {
  return { timestamp: 1_700_000_000_000n, key: null, value: Buffer.from(value), headers: [] }
}

describe('a batch that was written', () => {
  test('has the records, with offsets from the first one on', () => {
    fc.assert(
      fc.property(
        arbitraryRecords,
        compression,
        fc.bigInt({ min: 0n, max: 2n ** 60n }),
        (records, packed, baseOffset) => {
          const batch = writeBatch({ records, compression: packed, baseOffset })
          expect(readRecords(batch)).toEqual(
            records.map((record, index) => ({ ...record, offset: baseOffset + BigInt(index) })),
          )
          expect(isIntact(batch)).toBe(true)
        },
      ),
    )
  })

  test('has the header that was asked for', () => {
    const batch = writeBatch({
      records: [plain('a'), { ...plain('b'), timestamp: 1_800_000_000_000n }, plain('c')],
      baseOffset: 41n,
      partitionLeaderEpoch: 3,
      compression: 'gzip',
      producerId: 2n ** 40n,
      producerEpoch: 7,
      baseSequence: 12,
      transactional: true,
    })
    expect(readBatchHeader(batch)).toEqual({
      baseOffset: 41n,
      batchLength: batch.length - 12,
      partitionLeaderEpoch: 3,
      crc: crc32c(batch.subarray(21)),
      compression: 'gzip',
      timestampType: 'CreateTime',
      transactional: true,
      control: false,
      lastOffsetDelta: 2,
      baseTimestamp: 1_700_000_000_000n,
      maxTimestamp: 1_800_000_000_000n,
      producerId: 2n ** 40n,
      producerEpoch: 7,
      baseSequence: 12,
      count: 3,
    })
  })

  test('stays intact when it gets its place in a log', () => {
    const batch = writeBatch({ records: [plain('a'), plain('b')] })
    placeBatch(batch, 9_007_199_254_740_993n, 5)
    expect(isIntact(batch)).toBe(true)
    expect(readBatchHeader(batch).partitionLeaderEpoch).toBe(5)
    expect(readRecords(batch).map(({ offset }) => offset)).toEqual([
      9_007_199_254_740_993n,
      9_007_199_254_740_994n,
    ])
  })

  test('is not intact once any byte that the checksum covers has changed', () => {
    fc.assert(
      fc.property(arbitraryRecords, fc.nat(), fc.integer({ min: 1, max: 255 }), (records, where, change) => {
        const batch = writeBatch({ records })
        const at = 17 + (where % (batch.length - 17))
        batch[at] = (batch[at] as number) ^ change
        expect(isIntact(batch)).toBe(false)
      }),
    )
  })
})

test('LogAppendTime gives every record the time of the batch', () => {
  const batch = writeBatch({ records: [plain('a'), plain('b')] })
  batch.writeInt16BE(0x08, 21)
  batch.writeBigInt64BE(77n, 35)
  expect(readBatchHeader(batch).timestampType).toBe('LogAppendTime')
  expect(readRecords(batch).map(({ timestamp }) => timestamp)).toEqual([77n, 77n])
})

describe('a run of batches', () => {
  const batches = ['a', 'bb', 'ccc'].map((value) => writeBatch({ records: [plain(value)] }))
  const run = Buffer.concat(batches)

  test('is cut into them, without a last one that is not whole', () => {
    for (let length = 0; length <= run.length; length++) {
      const whole = batches.filter((_, index) => Buffer.concat(batches.slice(0, index + 1)).length <= length)
      expect(splitBatches(run.subarray(0, length))).toEqual(whole)
    }
  })

  test.each([-1, 0, 48])('with a length of %i is malformed', (length) => {
    const wrong = Buffer.from(run)
    wrong.writeInt32BE(length, 8)
    expect(() => splitBatches(wrong)).toThrow(MalformedError)
  })
})

describe('a broken batch', () => {
  const sound = writeBatch({ records: [plain('a'), plain('b')] })

  function broken(change: (batch: Buffer) => void): Buffer {
    const batch = Buffer.from(sound)
    change(batch)
    return batch
  }

  test.each([
    ['is too short for its header', sound.subarray(0, 60)],
    ['has another length than it says', Buffer.concat([sound, Buffer.alloc(1)])],
    ['is of an old format', broken((batch) => batch.writeInt8(1, 16))],
    ['has an unknown codec', broken((batch) => batch.writeInt16BE(7, 21))],
    ['claims more records than it has', broken((batch) => batch.writeInt32BE(0x7fffffff, 57))],
    ['claims fewer records than it has', broken((batch) => batch.writeInt32BE(1, 57))],
    ['claims a negative number of records', broken((batch) => batch.writeInt32BE(-1, 57))],
    ['has a record of another length than it says', broken((batch) => batch.writeInt8(4, 61))],
    ['says gzip and is not', broken((batch) => batch.writeInt16BE(1, 21))],
  ])('is malformed: it %s', (_, batch) => {
    expect(() => readRecords(batch)).toThrow(MalformedError)
  })

  test.each([
    [2, 'snappy'],
    [3, 'lz4'],
    [4, 'zstd'],
  ])('with codec %i cannot be read, and the error names %s', (attributes, name) => {
    const batch = broken((one) => one.writeInt16BE(attributes, 21))
    expect(() => readRecords(batch)).toThrow(UnsupportedCompressionError)
    expect(() => readRecords(batch)).toThrow(name)
    expect(readBatchHeader(batch).compression).toBe(name)
  })

  test('that unpacks to more than 64 MiB is refused without unpacking it all', () => {
    const header = writeBatch({ records: [plain('a')], compression: 'gzip' }).subarray(0, 61)
    const batch = Buffer.concat([header, gzipSync(Buffer.alloc(65 * 1024 * 1024))])
    batch.writeInt32BE(batch.length - 12, 8)
    expect(() => readRecords(batch)).toThrow(/gzip: Cannot create a Buffer larger than/)
  })

  test('of any bytes is records or a MalformedError, never anything else', () => {
    fc.assert(
      fc.property(arbitraryRecords, fc.array(fc.tuple(fc.nat(), fc.nat(255))), (records, changes) => {
        const batch = writeBatch({ records })
        for (const [where, byte] of changes) batch[where % batch.length] = byte
        try {
          readRecords(batch)
        } catch (error) {
          if (!(error instanceof UnsupportedCompressionError)) expect(error).toBeInstanceOf(MalformedError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('transaction markers', () => {
  const content = { producerId: 4000n, producerEpoch: 2, coordinatorEpoch: 9, timestamp: 1_700_000_000_000n }

  test.each(['commit', 'abort'] as const)('%s is read as it was written', (marker) => {
    const batch = writeMarker({ marker, ...content })
    expect(readMarker(batch)).toBe(marker)
    expect(isIntact(batch)).toBe(true)
    const { control, transactional, producerId, producerEpoch, baseSequence, count } = readBatchHeader(batch)
    expect({ control, transactional, producerId, producerEpoch, baseSequence, count }).toEqual({
      control: true,
      transactional: true,
      producerId: 4000n,
      producerEpoch: 2,
      baseSequence: -1,
      count: 1,
    })
  })
})

describe('kafkajs', () => {
  const require = createRequire(import.meta.url)
  const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0')
  const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0')
  const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder')
  const Decoder = require('kafkajs/src/protocol/decoder')

  test('writes batches that are read here', async () => {
    const encoded = await RecordBatch({
      firstTimestamp: 1_700_000_000_000,
      maxTimestamp: 1_700_000_000_005,
      lastOffsetDelta: 1,
      records: [
        encodeRecord({ offsetDelta: 0, timestampDelta: 0, key: 'k', value: 'v', headers: { h: 'x' } }),
        encodeRecord({ offsetDelta: 1, timestampDelta: 5, key: null, value: 'w', headers: {} }),
      ],
    })
    const batch: Buffer = encoded.buffer
    expect(isIntact(batch)).toBe(true)
    expect(readRecords(batch)).toEqual([
      {
        offset: 0n,
        timestamp: 1_700_000_000_000n,
        key: Buffer.from('k'),
        value: Buffer.from('v'),
        headers: [['h', Buffer.from('x')]],
      },
      { offset: 1n, timestamp: 1_700_000_000_005n, key: null, value: Buffer.from('w'), headers: [] },
    ])
  })

  test.each(['none', 'gzip'] as const)('reads batches that are written here (%s)', async (packed) => {
    const batch = writeBatch({
      records: [plain('a'), { ...plain('b'), key: Buffer.from('k'), timestamp: 1_700_000_000_009n }],
      baseOffset: 5n,
      compression: packed,
    })
    const decoder = new Decoder(batch)
    const { records } = await decodeBatch(decoder)
    expect(
      records.map(({ offset, timestamp, key, value }: Record<string, string | Buffer | null>) => [
        offset,
        timestamp,
        key?.toString() ?? null,
        value?.toString(),
      ]),
    ).toEqual([
      ['5', '1700000000000', null, 'a'],
      ['6', '1700000000009', 'k', 'b'],
    ])
  })
})
