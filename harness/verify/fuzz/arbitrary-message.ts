import fc from 'fast-check'
import type { AnyCodec } from '../../kafka/protocol/codec.ts'

export const arbitraryBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))

/** What the leaves of a message are made of. */
export interface Leaves {
  /** A signed integer of 8, 16 or 32 bits. */
  integer(bits: number): fc.Arbitrary<number>
  int64: fc.Arbitrary<bigint>
  text: fc.Arbitrary<string>
  bytes: fc.Arbitrary<Buffer>
}

/** Anything that the types can carry. */
export const ANYTHING: Leaves = {
  integer: (bits) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  text: fc.string({ unit: 'binary', maxLength: 40 }),
  bytes: arbitraryBytes,
}

/** Any value that `codec` can carry in this version; a field that the version does not have is absent. */
export function arbitraryValue(
  codec: AnyCodec,
  version: number,
  leaves: Leaves = ANYTHING,
): fc.Arbitrary<unknown> {
  const { shape } = codec
  const inner = (one: AnyCodec) => arbitraryValue(one, version, leaves)
  switch (shape.kind) {
    case 'bool':
      return fc.boolean()
    case 'int8':
      return leaves.integer(8)
    case 'int16':
      return leaves.integer(16)
    case 'int32':
      return leaves.integer(32)
    case 'int64':
      return leaves.int64
    case 'uuid':
      return fc
        .uint8Array({ minLength: 16, maxLength: 16 })
        .map((id) => Buffer.from(id).toString('base64url'))
    case 'string':
      return orNull(leaves.text, shape.nullable)
    case 'bytes':
      return orNull(leaves.bytes, shape.nullable)
    case 'array':
      return orNull(fc.array(inner(shape.item), { maxLength: 3 }), shape.nullable)
    case 'struct':
      return fc.record(
        Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, inner(field)])),
        { noNullPrototype: true },
      )
    case 'versions':
      return version >= shape.first && version <= shape.last ? inner(shape.codec) : fc.constant(codec.absent)
  }
}

function orNull<T>(values: fc.Arbitrary<T>, nullable: boolean): fc.Arbitrary<T | null> {
  return nullable ? fc.option(values, { freq: 4 }) : values
}
