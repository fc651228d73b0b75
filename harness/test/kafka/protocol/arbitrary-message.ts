import fc from 'fast-check'
import type { AnyCodec } from '../../../kafka/protocol/codec.ts'

/** Any value that `codec` can carry in this version; a field that the version does not have is absent. */
export function arbitraryValue(codec: AnyCodec, version: number): fc.Arbitrary<unknown> {
  const { shape } = codec
  switch (shape.kind) {
    case 'bool':
      return fc.boolean()
    case 'int8':
      return integer(8)
    case 'int16':
      return integer(16)
    case 'int32':
      return integer(32)
    case 'int64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    case 'uuid':
      return fc
        .uint8Array({ minLength: 16, maxLength: 16 })
        .map((id) => Buffer.from(id).toString('base64url'))
    case 'string':
      return orNull(fc.string({ unit: 'binary', maxLength: 40 }), shape.nullable)
    case 'bytes':
      return orNull(arbitraryBytes, shape.nullable)
    case 'array':
      return orNull(fc.array(arbitraryValue(shape.item, version), { maxLength: 3 }), shape.nullable)
    case 'struct':
      return fc.record(
        Object.fromEntries(
          Object.entries(shape.fields).map(([name, field]) => [name, arbitraryValue(field, version)]),
        ),
        { noNullPrototype: true },
      )
    case 'versions':
      return version >= shape.first && version <= shape.last
        ? arbitraryValue(shape.codec, version)
        : fc.constant(codec.absent)
  }
}

export const arbitraryBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))

function integer(bits: number): fc.Arbitrary<number> {
  return fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
}

function orNull<T>(values: fc.Arbitrary<T>, nullable: boolean): fc.Arbitrary<T | null> {
  return nullable ? fc.option(values, { freq: 4 }) : values
}
