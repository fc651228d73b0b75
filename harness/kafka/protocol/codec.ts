import { MalformedError, type Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/**
 * The grammar of the protocol as data. A codec reads and writes one type; a message is a `struct` whose fields stand
 * in the order of the wire. Field names are those of Kafka's message definitions
 * (clients/src/main/resources/common/message/*.json), first letter in lower case.
 */
export interface Codec<T> {
  /** The value of a field that the version at hand does not have. */
  readonly absent: T
  /** What the codec is made of, for code that walks the grammar. */
  readonly shape: Shape
  read(from: Reader, version: number): T
  write(to: Writer, value: T, version: number): void
}

/** The parts of a codec, by kind. */
export type Shape =
  | { kind: 'bool' | 'int8' | 'int16' | 'int32' | 'int64' | 'uuid' }
  | { kind: 'string' | 'bytes'; nullable: boolean }
  | { kind: 'array'; item: AnyCodec; nullable: boolean }
  | { kind: 'struct'; fields: Record<string, AnyCodec> }
  | { kind: 'versions'; first: number; last: number; codec: AnyCodec }

// biome-ignore lint/suspicious/noExplicitAny: the fields of a message carry every type
export type AnyCodec = Codec<any>

/** The TypeScript type that a codec carries. */
export type Value<C> = C extends Codec<infer T> ? T : never

function primitive<T>(
  shape: Shape,
  absent: T,
  read: (from: Reader) => T,
  write: (to: Writer, value: T) => void,
): Codec<T> {
  return { absent, shape, read, write }
}

export const bool = primitive<boolean>(
  { kind: 'bool' },
  false,
  (from) => from.int8() !== 0,
  (to, value) => to.int8(value ? 1 : 0),
)
export const int8 = primitive<number>(
  { kind: 'int8' },
  0,
  (from) => from.int8(),
  (to, value) => to.int8(value),
)
export const int16 = primitive<number>(
  { kind: 'int16' },
  0,
  (from) => from.int16(),
  (to, value) => to.int16(value),
)
export const int32 = primitive<number>(
  { kind: 'int32' },
  0,
  (from) => from.int32(),
  (to, value) => to.int32(value),
)
export const int64 = primitive<bigint>(
  { kind: 'int64' },
  0n,
  (from) => from.int64(),
  (to, value) => to.int64(value),
)

/** 16 bytes, as the text that Kafka prints: base64url without padding (org.apache.kafka.common.Uuid). */
export const uuid = primitive<string>(
  { kind: 'uuid' },
  Buffer.alloc(16).toString('base64url'),
  (from) => from.raw(16).toString('base64url'),
  (to, value) => to.raw(Buffer.from(value, 'base64url')),
)

export const nullableString = primitive<string | null>(
  { kind: 'string', nullable: true },
  null,
  (from) => {
    const length = from.stringLength()
    return length < 0 ? null : from.raw(length).toString('utf8')
  },
  (to, value) => {
    if (value === null) return to.stringLength(-1)
    const bytes = Buffer.from(value, 'utf8')
    to.stringLength(bytes.length)
    to.raw(bytes)
  },
)
export const string = required<string>(nullableString, { kind: 'string', nullable: false }, '')

/** Bytes, a view into the message. Record batches travel as such bytes, too. */
export const nullableBytes = primitive<Buffer | null>(
  { kind: 'bytes', nullable: true },
  null,
  (from) => {
    const length = from.length()
    return length < 0 ? null : from.raw(length)
  },
  (to, value) => {
    to.arrayLength(value === null ? -1 : value.length)
    if (value !== null) to.raw(value)
  },
)
export const bytes = required<Buffer>(nullableBytes, { kind: 'bytes', nullable: false }, Buffer.alloc(0))

function required<T>(codec: Codec<T | null>, shape: Shape, absent: T): Codec<T> {
  return {
    absent,
    shape,
    read(from, version) {
      const value = codec.read(from, version)
      if (value === null) throw new MalformedError(`null where a value is required, before ${from.offset}`)
      return value
    },
    write: codec.write,
  }
}

export function nullableArray<T>(item: Codec<T>): Codec<T[] | null> {
  return {
    absent: null,
    shape: { kind: 'array', item, nullable: true },
    read(from, version) {
      const length = from.length()
      if (length < 0) return null
      from.claimItems(length)
      const items: T[] = []
      for (let index = 0; index < length; index++) items.push(item.read(from, version))
      return items
    },
    write(to, items, version) {
      to.arrayLength(items === null ? -1 : items.length)
      for (const one of items ?? []) item.write(to, one, version)
    },
  }
}

export function array<T>(item: Codec<T>): Codec<T[]> {
  // Frozen, since every message without the field shares it.
  const absent = Object.freeze<T[]>([]) as T[]
  return required<T[]>(nullableArray(item), { kind: 'array', item, nullable: false }, absent)
}

/** A field that only some versions have. Outside of `first`..`last` it reads as `absent` and is not written. */
export function versions<T>(
  first: number,
  last: number,
  codec: Codec<T>,
  absent: T = codec.absent,
): Codec<T> {
  return {
    absent,
    shape: { kind: 'versions', first, last, codec },
    read: (from, version) => (version >= first && version <= last ? codec.read(from, version) : absent),
    write(to, value, version) {
      if (version >= first && version <= last) codec.write(to, value, version)
    },
  }
}

/** A field that exists from version `first` on. */
export function since<T>(first: number, codec: Codec<T>, absent: T = codec.absent): Codec<T> {
  return versions(first, Number.POSITIVE_INFINITY, codec, absent)
}

/** A field that exists up to and including version `last`. */
export function until<T>(last: number, codec: Codec<T>, absent: T = codec.absent): Codec<T> {
  return versions(0, last, codec, absent)
}

/** A structure: its fields in the order of the wire, then, in flexible versions, its tag buffer (KIP-482). */
export function struct<F extends Record<string, AnyCodec>>(
  fields: F,
): Codec<{ [K in keyof F]: Value<F[K]> }> {
  type Struct = { [K in keyof F]: Value<F[K]> }
  const entries: [keyof F, AnyCodec][] = Object.entries(fields)
  return {
    absent: Object.fromEntries(entries.map(([name, codec]) => [name, codec.absent])) as Struct,
    shape: { kind: 'struct', fields },
    read(from, version) {
      const value = {} as Struct
      for (const [name, codec] of entries) value[name] = codec.read(from, version)
      if (from.flexible) from.skipTags()
      return value
    },
    write(to, value, version) {
      for (const [name, codec] of entries) codec.write(to, value[name], version)
      if (to.flexible) to.noTags()
    },
  }
}
