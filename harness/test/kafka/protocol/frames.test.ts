import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frames, MAX_FRAME_BYTES } from '../../../kafka/protocol/frames.ts'

function framed(body: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + body.length)
  frame.writeInt32BE(body.length, 0)
  frame.set(body, 4)
  return frame
}

async function* pieces(bytes: Buffer, sizes: number[]): AsyncGenerator<Buffer> {
  let start = 0
  for (const size of sizes) {
    yield bytes.subarray(start, start + size)
    start += size
  }
  yield bytes.subarray(start)
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const found: Buffer[] = []
  for await (const frame of frames(source)) found.push(frame)
  return found
}

test('frames come out whole however their bytes were cut', async () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })
  const sizes = fc.array(fc.nat(12), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(bodies, sizes, async (some, cuts) => {
      const whole = some.map(framed)
      expect(await collect(pieces(Buffer.concat(whole), cuts))).toEqual(whole)
    }),
  )
})

test('an unfinished frame at the end is dropped', async () => {
  const bytes = Buffer.concat([framed(Buffer.from('one')), framed(Buffer.from('two')).subarray(0, 5)])
  expect(await collect(pieces(bytes, []))).toEqual([framed(Buffer.from('one'))])
})

test.each([-1, -0x80000000, MAX_FRAME_BYTES + 1])(
  'a frame of %i bytes is refused before it is read',
  async (length) => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(length)
    await expect(collect(pieces(bytes, []))).rejects.toThrow(`a frame of ${length} bytes`)
  },
)
