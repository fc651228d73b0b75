import { gzipSync } from 'node:zlib'
import type { Random } from '../../check/fixtures.ts'
import { Produce } from '../../kafka/protocol/api/00-produce.ts'
import { ApiVersions } from '../../kafka/protocol/api/18-api-versions.ts'
import { crc32c } from '../../kafka/protocol/crc32c.ts'
import { writeBatch } from '../../kafka/protocol/record-batch.ts'
import { flip, frameOf, type Message, TOPICS } from './messages.ts'

/** What mutations are made from. */
export interface Corpus {
  messages: readonly Message[]
  /** Frames of the messages, and those that were recorded. */
  frames: readonly Buffer[]
}

/** One thing that a hostile peer does: it writes these pieces, one by one. */
export interface Attack {
  kind: string
  pieces: Buffer[]
}

type Make = (random: Random, corpus: Corpus) => Buffer | Buffer[]

/** How often each kind comes, and how it is made. */
const KINDS: Record<string, [weight: number, make: Make]> = {
  'as it is': [200, (random, { frames }) => random.pick(frames)],
  'bits flipped': [200, flipBits],
  truncated: [100, truncate],
  'length field changed': [200, changeLengthField],
  'length of the frame changed': [50, changeFrameLength],
  'spliced with another': [100, splice],
  'another key or version': [100, changeKeyOrVersion],
  'garbage after ApiVersions': [50, (random) => [askVersions(), random.bytes(random.int(1, 200))]],
  'half a frame, then silence': [50, (random, { frames }) => cutOff(random.pick(frames), random)],
  'one byte at a time': [10, dribble],
  'items repeated': [10, repeatItems],
  'gzip bomb': [0.5, (random) => random.pick(gzipBombs())],
}

const TOTAL = Object.values(KINDS).reduce((sum, [weight]) => sum + weight, 0)

export function nextAttack(random: Random, corpus: Corpus): Attack {
  let left = (random.int(0, 2 ** 30) / 2 ** 30) * TOTAL
  for (const [kind, [weight, make]] of Object.entries(KINDS)) {
    left -= weight
    if (left > 0) continue
    const made = make(random, corpus)
    return { kind, pieces: Array.isArray(made) ? made : [made] }
  }
  return { kind: 'as it is', pieces: [random.pick(corpus.frames)] }
}

function flipBits(random: Random, { frames }: Corpus): Buffer {
  const frame = Buffer.from(random.pick(frames))
  for (let left = random.int(1, 8); left > 0; left--)
    flip(frame, random.int(4, frame.length - 1), random.int(0, 7))
  return frame
}

function truncate(random: Random, { frames }: Corpus): Buffer {
  return withRightLength(cutOff(random.pick(frames), random))
}

function cutOff(frame: Buffer, random: Random): Buffer {
  return Buffer.from(frame.subarray(0, random.int(4, frame.length - 1)))
}

/** The INT32 in front says again how long the frame is. */
function withRightLength(frame: Buffer): Buffer {
  frame.writeInt32BE(frame.length - 4, 0)
  return frame
}

const LENGTHS = [-1, -2, 0, 1, 127, 32_767, 65_536, 1_000_000, 2 ** 31 - 1, -(2 ** 31)]

/** Somewhere in the frame stands another number, in as many bytes as a length may have. */
function changeLengthField(random: Random, { frames }: Corpus): Buffer {
  const frame = Buffer.from(random.pick(frames))
  const length = random.pick(LENGTHS)
  const width = random.pick([1, 2, 4])
  const at = random.int(4, frame.length - width)
  for (let byte = 0; byte < width; byte++) frame[at + byte] = (length >> (8 * (width - 1 - byte))) & 0xff
  return frame
}

function changeFrameLength(random: Random, { frames }: Corpus): Buffer {
  const frame = Buffer.from(random.pick(frames))
  frame.writeInt32BE(random.pick([...LENGTHS, frame.length - 5, frame.length + 5]), 0)
  return frame
}

function splice(random: Random, { frames }: Corpus): Buffer {
  const [one, other] = [random.pick(frames), random.pick(frames)]
  const at = random.int(4, one.length - 1)
  const from = random.int(0, other.length - 1)
  const piece = other.subarray(from, random.int(from, other.length - 1))
  const rest = one.subarray(random.int(at, one.length - 1))
  return withRightLength(Buffer.concat([one.subarray(0, at), piece, rest]))
}

function changeKeyOrVersion(random: Random, { frames }: Corpus): Buffer {
  const frame = Buffer.from(random.pick(frames))
  frame.writeInt16BE(random.pick([random.int(-1, 100), random.int(-32_768, 32_767)]), random.pick([4, 6]))
  return frame
}

function askVersions(): Buffer {
  return frameOf(ApiVersions, 3, { clientSoftwareName: 'fuzz', clientSoftwareVersion: '1' })
}

function dribble(random: Random, { frames }: Corpus): Buffer[] {
  return [...random.pick(frames).subarray(0, 400)].map((byte) => Buffer.from([byte]))
}

/** A message whose first list has the same few items up to a few hundred times. */
function repeatItems(random: Random, { messages }: Corpus): Buffer {
  const { api, version, body } = random.pick(messages)
  const times = random.int(2, 300)
  let isRepeated = false
  const repeat = ([name, value]: [string, unknown]): [string, unknown] => {
    if (isRepeated || !Array.isArray(value) || value.length === 0) return [name, value]
    isRepeated = true
    return [name, Array.from({ length: times }, () => value).flat()]
  }
  return frameOf(api, version, Object.fromEntries(Object.entries(body as object).map(repeat)))
}

let bombs: Buffer[] | null = null

/** Requests of a few dozen KiB whose records are many MiB: zeros, small records, headers, and more than is unpacked. */
function gzipBombs(): Buffer[] {
  bombs ??= [
    bomb(1, Buffer.alloc(8 * 1024 * 1024)),
    bomb(2_000_000, Buffer.alloc(14 * 1024 * 1024, Buffer.from([12, 0, 0, 0, 1, 1, 0]))),
    bomb(100_000, Buffer.alloc(700_000, Buffer.from([12, 0, 0, 0, 1, 1, 0]))),
    bomb(1, Buffer.concat([headersOf(7_000_000), Buffer.alloc(14_000_000, Buffer.from([0, 1]))])),
    bomb(1, Buffer.alloc(80 * 1024 * 1024)),
  ]
  return bombs
}

/** The beginning of one record with so many headers: length, attributes, times, no key, no value, their number. */
function headersOf(count: number): Buffer {
  return Buffer.from([...varint(2 * count + 9), 0, 0, 0, 1, 1, ...varint(count)])
}

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value * 2; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) + 128)
  }
}

function bomb(count: number, records: Buffer): Buffer {
  const empty = writeBatch({
    records: [{ timestamp: 0n, key: null, value: null, headers: [] }],
    compression: 'gzip',
  })
  const batch = Buffer.concat([empty.subarray(0, 61), gzipSync(records)])
  batch.writeInt32BE(batch.length - 12, 8)
  batch.writeInt32BE(count - 1, 23)
  batch.writeInt32BE(count, 57)
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
  const partitionData = [{ index: 0, records: batch }]
  const topicData = [{ name: TOPICS[0], partitionData }]
  return frameOf(Produce, 7, { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData })
}
