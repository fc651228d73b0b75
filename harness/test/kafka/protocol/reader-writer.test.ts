import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedError, Reader } from '../../../kafka/protocol/reader.ts'
import { OversizedError, Writer } from '../../../kafka/protocol/writer.ts'

function written(write: (to: Writer) => void): string {
  const to = new Writer(false, 1)
  write(to)
  return to.bytes().toString('hex')
}

function reader(hex: string): Reader {
  return new Reader(Buffer.from(hex, 'hex'))
}

// Vectors from Kafka's ByteUtilsTest.
describe('varints', () => {
  test.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [63, '7e'],
    [-64, '7f'],
    [64, '8001'],
    [-65, '8101'],
    [8191, 'fe7f'],
    [-8192, 'ff7f'],
    [2147483647, 'feffffff0f'],
    [-2147483648, 'ffffffff0f'],
  ])('%d is %s', (value, hex) => {
    expect(written((to) => to.varint(value))).toBe(hex)
    expect(reader(hex).varint()).toBe(value)
    expect(written((to) => to.varlong(BigInt(value)))).toBe(hex)
    expect(reader(hex).varlong()).toBe(BigInt(value))
  })

  test.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [0xffffffff, 'ffffffff0f'],
  ])('%d without a sign is %s', (value, hex) => {
    expect(written((to) => to.uvarint(value))).toBe(hex)
    expect(reader(hex).uvarint()).toBe(value)
  })

  test.each([
    [2n ** 63n - 1n, 'feffffffffffffffff01'],
    [-(2n ** 63n), 'ffffffffffffffffff01'],
  ])('%d is %s', (value, hex) => {
    expect(written((to) => to.varlong(value))).toBe(hex)
    expect(reader(hex).varlong()).toBe(value)
  })

  test('every value comes back', () => {
    fc.assert(
      fc.property(fc.integer(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (int, long) => {
        const to = new Writer()
        to.varint(int)
        to.varlong(long)
        to.int64(long)
        const from = new Reader(to.bytes())
        expect([from.varint(), from.varlong(), from.int64(), from.remaining]).toEqual([int, long, long, 0])
      }),
    )
  })

  test.each(['ffffffff1f', 'ffffffffff01', 'ffff'])('%s is not a varint', (hex) => {
    expect(() => reader(hex).uvarint()).toThrow(MalformedError)
  })

  test.each(['ffffffffffffffffff03', 'ffffffffffffffffffff01', 'ff'])('%s is not a varlong', (hex) => {
    expect(() => reader(hex).varlong()).toThrow(MalformedError)
  })
})

test('a read past the end, or of a negative length, is malformed', () => {
  expect(() => reader('0000').int32()).toThrow(MalformedError)
  expect(() => reader('0000').raw(-1)).toThrow(MalformedError)
  expect(() => reader('0000').raw(3)).toThrow(MalformedError)
})

test('a writer grows without losing what it has', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (parts) => {
      const to = new Writer(false, 1)
      for (const part of parts) to.raw(Buffer.from(part))
      expect(to.bytes()).toEqual(Buffer.concat(parts))
    }),
  )
})

test('large bytes are handed on, between pieces of our own, and small ones are copied', () => {
  const [large, small] = [Buffer.alloc(20_000, 1), Buffer.alloc(100, 2)]
  const to = new Writer(false, 1)
  to.raw(large)
  to.int32(7)
  to.raw(small)
  to.raw(large)
  const pieces = to.pieces()
  expect(pieces.map((piece) => piece === large)).toEqual([false, true, false, true, false])
  const number = Buffer.from('00000007', 'hex')
  expect(Buffer.concat(pieces)).toEqual(Buffer.concat([large, number, small, large]))
  expect(to.bytes()).toEqual(Buffer.concat(pieces))
  to.clear()
  to.int8(3)
  expect(to.bytes()).toEqual(Buffer.from([3]))
})

test('a message has an end at 100 MiB', () => {
  const to = new Writer()
  to.raw(Buffer.alloc(100 * 1024 * 1024))
  expect(() => to.int8(1)).toThrow(OversizedError)
})
