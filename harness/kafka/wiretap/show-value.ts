import { isUtf8 } from 'node:buffer'

/** Bytes of binary data that are shown. */
const HEX_BYTES = 8

/**
 * Control characters, invisible marks (some turn the direction of text) and line separators would spoil a terminal; a
 * no-break space and its like would be taken for a space. The ideographic space is wide enough to be seen.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?![ \u3000])\p{Zs}/gu

const SHORT_ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Text that a terminal prints as one line: unsafe characters are escaped. */
export function oneLine(text: string): string {
  return text.replace(UNSAFE, escaped)
}

/** The same, and everything else that is not ASCII: texts that look alike are told apart. */
export function onlyAscii(text: string): string {
  return oneLine(text).replace(/[^\0-\x7f]/gu, escaped)
}

function escaped(char: string): string {
  const hex = (char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')
  return SHORT_ESCAPES[char] ?? (hex.length > 4 ? `\\u{${hex}}` : `\\u${hex}`)
}

/** At most `width` characters, cut in the middle: `{"type":"Ord…ty":1}}`. Never cuts a character in half. */
export function shorten(text: string, width: number): string {
  const chars = Array.from(text)
  if (chars.length <= width) return text
  const tail = Math.floor((width - 1) / 3)
  return `${chars.slice(0, width - 1 - tail).join('')}…${chars.slice(chars.length - tail).join('')}`
}

/** A key or a value of a record: `null`, text, or, where it is not UTF-8, its length and first bytes. */
export function showBytes(bytes: Buffer | null, width: number): string {
  if (bytes === null) return 'null'
  if (isUtf8(bytes)) return shorten(oneLine(bytes.toString('utf8')), width)
  const more = bytes.length > HEX_BYTES ? '…' : ''
  return `${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'} 0x${bytes.subarray(0, HEX_BYTES).toString('hex')}${more}`
}
