import { createHash } from 'node:crypto'

/** What a text is known by wherever the workbook names it: the first 6 hex digits of the sha256 of it with LF line ends. */
export function textHash(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex').slice(0, 6)
}
