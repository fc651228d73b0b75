import { inspect, types } from 'node:util'
import type { ThrownError } from './messages.ts'
import { type OwnFiles, placeInStack } from './place.ts'

const CAUSE_DEPTH = 5
const TEXT_LIMIT = 10_000

/**
 * What an answer threw, as plain data. It may be anything: a string, null, an object whose getters throw. Each field
 * is read once and on its own, so a broken one costs only itself. Without `files` its stack trace is left unread.
 */
export function toThrownError(thrown: unknown, files: OwnFiles | null, depth = 0): ThrownError {
  if (!isError(thrown))
    return { name: 'Error', message: `${show(thrown)} was thrown, which is not an Error`, stack: '' }
  const stack = (files && text(field(thrown, 'stack'))) ?? ''
  const described: ThrownError = {
    name: text(field(thrown, 'name')) ?? 'Error',
    message: text(field(thrown, 'message')) ?? '',
    stack,
  }
  const code = field(thrown, 'code')
  const type = text(field(thrown, 'type'))
  const cause = field(thrown, 'cause')
  const at = files && placeInStack(stack, files)
  if (typeof code === 'string' || typeof code === 'number') described.code = String(code)
  if (type !== undefined) described.type = type
  if (cause !== undefined && cause !== null && depth < CAUSE_DEPTH)
    described.cause = toThrownError(cause, files, depth + 1)
  if (at) described.at = at
  return described
}

/** Also one that only looks like an error. `instanceof` would run a hostile proxy's own code. */
function isError(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return types.isNativeError(value) || typeof field(value, 'message') === 'string'
}

function field(of: object, name: string): unknown {
  try {
    return (of as Record<string, unknown>)[name]
  } catch {
    return undefined
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, TEXT_LIMIT) : undefined
}

function show(value: unknown): string {
  try {
    return inspect(value, { depth: 1, maxStringLength: 200, customInspect: false })
  } catch {
    return 'something'
  }
}
