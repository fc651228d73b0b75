import { crc32 } from 'node:zlib'

export interface ZipEntry {
  /** With `/` between folders. */
  name: string
  text: string
}

/** 1 January 1980, the first day that a zip knows: the same files always make the same bytes. */
const DATE = 0x0021
/** Names are UTF-8. */
const FLAGS = 0x0800
const VERSION = 20

/**
 * A zip whose files are stored as they are (PKWARE, APPNOTE.TXT 6.3, sections 4.3 and 4.4). Node compresses but writes no
 * archives; a quiz is some kilobytes, so it needs neither compression nor a library. Below 65,536 files and 4 GB.
 */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const [name, data] = [Buffer.from(entry.name), Buffer.from(entry.text)]
    const common = commonHeader(name, data)
    const local = Buffer.concat([signature(0x04034b50), common, name, data])
    files.push(local)
    directory.push(signature(0x02014b50), u16(VERSION), common, Buffer.alloc(10), u32(offset), name)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const counts = Buffer.concat([Buffer.alloc(4), u16(entries.length), u16(entries.length)])
  const end = [signature(0x06054b50), counts, u32(central.length), u32(offset), u16(0)]
  return Buffer.concat([...files, central, ...end])
}

/** What the header of a file and its line in the directory have in common: version to extra length. */
function commonHeader(name: Buffer, data: Buffer): Buffer {
  const [stored, time, extra] = [u16(0), u16(0), u16(0)]
  const sizes = [u32(crc32(data)), u32(data.length), u32(data.length)]
  return Buffer.concat([u16(VERSION), u16(FLAGS), stored, time, u16(DATE), ...sizes, u16(name.length), extra])
}

const signature = u32

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
