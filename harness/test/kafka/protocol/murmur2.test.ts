import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { murmur2, partitionOf } from '../../../kafka/protocol/murmur2.ts'

const kafkajsMurmur2: (key: Buffer) => number = createRequire(import.meta.url)(
  'kafkajs/src/producer/partitioners/default/murmur2',
)

describe('murmur2', () => {
  // Kafka's own vectors (UtilsTest.testMurmur2), and the empty key.
  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['abc', 479470107],
    ['', 275646681],
  ])('of "%s"', (key, expected) => {
    expect(murmur2(Buffer.from(key))).toBe(expected)
  })

  test('equals kafkajs’s for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const key = Buffer.from(bytes)
        expect(murmur2(key)).toBe(kafkajsMurmur2(key))
      }),
      { numRuns: 1000 },
    )
  })
})

test.each([
  ['ORD-001', 3, 1],
  ['ORD-002', 3, 2],
  ['ORD-001', 6, 4],
  ['ORD-002', 4, 1],
  ['ORD-12345', 3, 1],
  ['user-123', 3, 2],
])('"%s" of %i partitions goes to %i', (key, partitions, expected) => {
  expect(partitionOf(Buffer.from(key), partitions)).toBe(expected)
})
