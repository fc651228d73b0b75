import { buffer } from 'node:stream/consumers'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { zipOf } from '../../quiz/export/zip.ts'

/** Files by their names. */
export type Files = Record<string, string>

export function zip(files: Files): Buffer {
  return zipOf(Object.entries(files).map(([name, text]) => ({ name, text })))
}

const DIRECTORY_LINE = Buffer.from([0x50, 0x4b, 0x01, 0x02])
const LOCAL_HEADER = Buffer.from([0x50, 0x4b, 0x03, 0x04])

/** A zip that says its only entry was made on Unix, with this mode. */
export function zipWithMode(name: string, text: string, mode: number): Buffer {
  const bytes = zip({ [name]: text })
  const line = bytes.indexOf(DIRECTORY_LINE)
  bytes.writeUInt8(3, line + 5)
  bytes.writeUInt32LE(mode * 0x10000, line + 38)
  return bytes
}

/** A zip with its only entry deflated, which says that it unpacks to `size` bytes: the truth, if nothing is given. */
export function deflatedZip(name: string, text: string, size = Buffer.byteLength(text)): Buffer {
  const packed = deflateRawSync(text)
  const bytes = zip({ [name]: 'x'.repeat(packed.length) })
  packed.copy(bytes, bytes.indexOf(LOCAL_HEADER) + 30 + Buffer.byteLength(name))
  for (const start of [bytes.indexOf(LOCAL_HEADER) + 6, bytes.indexOf(DIRECTORY_LINE) + 8]) {
    bytes.writeUInt16LE(8, start + 2)
    bytes.writeUInt32LE(crc32(text), start + 8)
    bytes.writeUInt32LE(size, start + 16)
  }
  return bytes
}

/** A zip that says its only entry has a password. */
export function zipWithPassword(name: string): Buffer {
  const bytes = deflatedZip(name, 'secret')
  bytes.writeUInt16LE(0x0801, bytes.indexOf(DIRECTORY_LINE) + 8)
  return bytes
}

export async function tar(files: Files): Promise<Buffer> {
  return tarOf(Object.entries(files).map(([name, text]) => [{ name }, text]))
}

export async function tarOf(entries: [Partial<Header> & { name: string }, string][]): Promise<Buffer> {
  const packing = pack()
  for (const [header, text] of entries) packing.entry(header, text)
  packing.finalize()
  return buffer(packing as unknown as NodeJS.ReadableStream)
}

export async function tarGz(files: Files): Promise<Buffer> {
  return gzipSync(await tar(files))
}
