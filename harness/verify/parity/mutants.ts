import type { Handler } from '../../kafka/embedded/handler.ts'
import { HANDLERS } from '../../kafka/embedded/handlers.ts'
import type { AnyCodec, Shape } from '../../kafka/protocol/codec.ts'
import { isUnordered } from './unordered.ts'

/** A broker that is wrong in one place: every answer of one API has one field changed. */
export interface Mutant {
  api: string
  /** `responses[].partitionResponses[].errorCode changed`. */
  name: string
  handlers: readonly Handler[]
  /** Whether it had something to change so far: a list of one item looks the same in reverse. */
  hasChanged(): boolean
}

/** Changes one value; `count` grows with every change, so that no two ids become the same. */
type Change = (value: unknown, count: number) => unknown

export const IN_REVERSE = 'in reverse'

/** There is no authorizer, and nothing is ever under way: lists in the answers of these APIs are always empty. */
export const ALWAYS_EMPTY: ReadonlySet<string> = new Set([
  'DescribeAcls',
  'DeleteAcls',
  'ListPartitionReassignments',
])

/** A field of an answer: the names that lead to it, through every item of the arrays on the way. */
interface Field {
  path: readonly string[]
  shape: Shape
}

/** All mutants: every field of every answer in the versions that are served, and every list without its last item or in reverse. */
export function allMutants(handlers: readonly Handler[] = HANDLERS): Mutant[] {
  return handlers.flatMap((handler) =>
    fieldsOf(handler.api.response, handler.versions).flatMap(({ path, shape }) =>
      changesOf(handler.api.name, path, shape).map(([what, change]) =>
        mutant(handlers, handler, { path, what, change }),
      ),
    ),
  )
}

interface Mutation {
  path: readonly string[]
  what: string
  change: Change
}

function mutant(handlers: readonly Handler[], handler: Handler, { path, what, change }: Mutation): Mutant {
  let count = 0
  const changeOne = (value: unknown) => {
    const result = change(value, count + 1)
    if (result !== value) count += 1
    return result
  }
  const mutated: Handler = {
    ...handler,
    async handle(request, context) {
      const answer = await handler.handle(request, context)
      return answer === null ? null : changeAt(answer, path, changeOne)
    },
  }
  return {
    api: handler.api.name,
    name: `${path.join('[].')} ${what}`,
    handlers: handlers.map((one) => (one === handler ? mutated : one)),
    hasChanged: () => count > 0,
  }
}

/** Copies what it changes: an answer may share lists with the state of the broker. */
function changeAt(value: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value) && path.length > 0) return value.map((one) => changeAt(one, path, change))
  const [name, ...rest] = path
  if (name === undefined) return change(value)
  if (value === null || typeof value !== 'object') return value
  return { ...value, [name]: changeAt((value as Record<string, unknown>)[name], rest, change) }
}

type Range = readonly [first: number, last: number]

/** Every field below `codec` that one of these versions has. */
function fieldsOf(codec: AnyCodec, range: Range, path: readonly string[] = []): Field[] {
  const { shape } = codec
  switch (shape.kind) {
    case 'versions':
      return shape.last < range[0] || shape.first > range[1] ? [] : fieldsOf(shape.codec, range, path)
    case 'struct':
      return Object.entries(shape.fields).flatMap(([name, field]) => fieldsOf(field, range, [...path, name]))
    case 'array':
      return [{ path, shape }, ...(isStruct(shape.item) ? fieldsOf(shape.item, range, path) : [])]
    default:
      return [{ path, shape }]
  }
}

function isStruct({ shape }: AnyCodec): boolean {
  return shape.kind === 'struct'
}

function changesOf(api: string, path: readonly string[], shape: Shape): [what: string, change: Change][] {
  const name = path.at(-1) ?? ''
  if (shape.kind !== 'array') return [['changed', (value, count) => changed(shape, name, value, count)]]
  const last: [string, Change] = isStruct(shape.item)
    ? ['without its last item', (value) => withoutLast(value as unknown[] | null)]
    : ['with one item more or less', (value) => oneMoreOrLess(value as unknown[] | null, shape.item.absent)]
  if (isUnordered(api, name)) return [last]
  return [last, [IN_REVERSE, (value) => inReverse(value as unknown[] | null)]]
}

function withoutLast(list: unknown[] | null): unknown[] | null {
  return list && list.length > 0 ? list.slice(0, -1) : list
}

function inReverse(list: unknown[] | null): unknown[] | null {
  const reversed = list?.toReversed() ?? null
  return asText(reversed) === asText(list) ? list : reversed
}

function asText(value: unknown): string {
  return JSON.stringify(value, (_name, one) => (typeof one === 'bigint' ? `${one}` : one))
}

function oneMoreOrLess(value: unknown[] | null, item: unknown): unknown[] {
  return value && value.length > 0 ? value.slice(0, -1) : [item]
}

const DAYS_AHEAD = 1n << 40n

function changed({ kind }: Shape, name: string, value: unknown, count: number): unknown {
  switch (kind) {
    case 'bool':
      return !value
    case 'int64':
      return (value as bigint) + (/time/i.test(name) ? DAYS_AHEAD : 1n)
    case 'string':
      return `${value ?? ''}x${count}`
    case 'uuid':
      return Buffer.from(`changed ${count}`.padEnd(16)).toString('base64url')
    case 'bytes':
      return changedBytes(value as Buffer | null)
    default:
      // A broker may offer more than is compared, but not less.
      return (value as number) + (name === 'maxVersion' ? -1 : 1)
  }
}

function changedBytes(bytes: Buffer | null): Buffer | null {
  if (bytes === null || bytes.length === 0) return bytes
  const copy = Buffer.from(bytes)
  const at = copy.length - 1
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
  return copy
}
