import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { encodeFrame, FRAME_LIMIT_BYTES, readFrames } from '../../answer/frames.ts'

const seal = Buffer.from('0123456789abcdef')

function read(chunks: Buffer[], withSeal?: Buffer) {
  const stream = new PassThrough()
  const seen: { messages: unknown[]; broken: number } = { messages: [], broken: 0 }
  const handlers = {
    onMessage: (message: unknown) => seen.messages.push(message),
    onBroken: () => {
      seen.broken += 1
    },
  }
  readFrames(stream, handlers, withSeal)
  for (const chunk of chunks) stream.emit('data', chunk)
  return seen
}

test('values come out as they went in, however the bytes are cut', () => {
  const view = Buffer.from('xxkeyxx').subarray(2, 5)
  const values = [{ nested: [view, 7n, new Map([['a', new Date(5)]])] }, 'second', null]
  const bytes = Buffer.concat(values.map((value) => encodeFrame(value, seal)))
  const whole = read([bytes], seal)
  const single = read(
    Array.from(bytes, (byte) => Buffer.from([byte])),
    seal,
  )
  expect(whole).toEqual({ messages: values, broken: 0 })
  expect(single).toEqual(whole)
  const [{ nested }] = whole.messages as [{ nested: [Buffer] }]
  expect(Buffer.isBuffer(nested[0])).toBe(true)
  expect(nested[0].toString()).toBe('key')
})

test.each([
  ['no seal', encodeFrame('forged')],
  ['another seal', encodeFrame('forged', Buffer.from('fedcba9876543210'))],
  ['an empty frame', Buffer.alloc(4)],
  ['a length above the limit', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ['bytes that are no value', Buffer.concat([Buffer.from([0, 0, 0, 18]), seal, Buffer.from('no')])],
])('%s breaks the stream, once, and nothing after it is heard', (_, bytes) => {
  const good = encodeFrame('good', seal)
  expect(read([good, bytes, good, bytes], seal)).toEqual({ messages: ['good'], broken: 1 })
})

test('a value above the limit is refused by its sender', () => {
  expect(() => encodeFrame(Buffer.alloc(FRAME_LIMIT_BYTES))).toThrow(RangeError)
})
