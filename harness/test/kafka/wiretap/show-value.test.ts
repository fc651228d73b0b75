import fc from 'fast-check'
import { expect, test } from 'vitest'
import { oneLine, shorten, showBytes } from '../../../kafka/wiretap/show-value.ts'

test.each([
  ['short', 20, 'short'],
  ['0123456789', 10, '0123456789'],
  ['0123456789A', 10, '012345…89A'],
  ['📚📚📚📚📚', 4, '📚📚…📚'],
])('%s in %i characters', (text, width, expected) => {
  expect(shorten(text, width)).toBe(expected)
})

test.each([
  [null, 'null'],
  [Buffer.alloc(0), ''],
  [Buffer.from('zażółć 書'), 'zażółć 書'],
  [Buffer.from('tab\tand\r\n'), 'tab\\tand\\r\\n'],
  [Buffer.from([0xc3]), '1 byte 0xc3'],
  [Buffer.alloc(1_000, 0xff), '1000 bytes 0xffffffffffffffff…'],
])('%o is shown as %s', (bytes, expected) => {
  expect(showBytes(bytes, 40)).toBe(expected)
})

const spoilers = fc.constantFrom(
  'a',
  '書',
  '📚',
  '\n',
  '\u0000',
  '\u001b[2J',
  '\u009b',
  '\u2028',
  '\u202e',
  '\u2066',
)

test('whatever the bytes are, the line is one, short, and does not move the cursor', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(spoilers, { maxLength: 60 }), (bytes, texts) => {
      const text = texts.join('')
      const shown = [showBytes(Buffer.from(bytes), 30), showBytes(Buffer.from(text), 30)]
      for (const one of shown) expect(Array.from(one).length).toBeLessThanOrEqual(30)
      expect(shown.join('') + oneLine(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
    }),
  )
})
