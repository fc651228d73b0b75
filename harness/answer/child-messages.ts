import type { Place } from '../result.ts'
import type { StageData, ThrownError } from './messages.ts'

/**
 * What the keeper and one child say to each other. Commands come in on one pipe, reports go out on another, and the
 * watchdog thread has a third of its own, because it must speak while the main thread is blocked.
 */

/** File descriptors of the child. */
export const COMMAND_FD = 3
export const REPORT_FD = 4
export const WATCHDOG_FD = 5

/** The largest resident memory of a child: 1 GiB. The heap has a limit of its own; Buffers lie outside of it. */
export const MEMORY_LIMIT_BYTES = 1024 * 1024 * 1024

/** How often resident memory is looked at: a loop of allocations takes about 100 MB in this time. */
export const MEMORY_SAMPLE_MS = 50

/** What the child is told to do. Values that belong to a check stay serialized until the child unpacks them. */
export type ChildTask =
  | { kind: 'scene'; name: string; stage: StageData; given: Uint8Array }
  | { kind: 'calls'; name: string; argumentLists: Uint8Array }

export type Command =
  /** Always the first. `seal` comes before every report from now on. */
  | { kind: 'hello'; seal: Uint8Array; kafkajs: string; watchdog: boolean }
  /** Loads kafkajs ahead. */
  | { kind: 'warm' }
  | RunCommand
  | { kind: 'go'; number: number }
  | { kind: 'throw'; number: number; message: string }
  | SpawnedCommand

export interface RunCommand {
  kind: 'run'
  /** The bundle. */
  file: string
  answerFile: string
  scenesFile: string | null
  task: ChildTask
  logKafka: boolean
}

/** What a scene hears of the scene that it spawned as number `spawned`. */
export type SpawnedCommand =
  | { kind: 'spawned paused'; spawned: number; number: number; label: string; detail: Uint8Array }
  /** Without `value`, it did not return; without `problem`, nothing is wrong with that: it was killed. */
  | { kind: 'spawned ended'; spawned: number; value?: Uint8Array; problem?: string }

/** What a scene wants of the scenes that it spawns; it numbers them from 1. */
export type SpawnReport =
  | { kind: 'spawn'; spawned: number; name: string; given: Uint8Array }
  | { kind: 'spawn go'; spawned: number; number: number }
  | { kind: 'spawn throw'; spawned: number; number: number; message: string }
  | { kind: 'spawn kill'; spawned: number }

export type Report =
  | { kind: 'ready' }
  | { kind: 'inspector'; open: boolean }
  | { kind: 'output'; stream: 'stdout' | 'stderr'; text: string; at?: Place }
  | { kind: 'pause'; number: number; label: string; detail: Uint8Array }
  /** The code is about to end its own process. */
  | { kind: 'exiting'; at?: Place }
  | { kind: 'returned'; value: Uint8Array }
  /** After `returned` or `threw`: no socket and no timer of the task is left; the process can take another one. */
  | { kind: 'clean' }
  | { kind: 'threw'; thrown: ThrownError }
  | SpawnReport

/** Asks the watchdog where the main thread stands; `turning` when it is not blocked at all. */
export type WatchdogCommand = { kind: 'look' }

/** A place in the bundle, as V8 counts: from 0. */
export interface BundleFrame {
  url: string
  line: number
  column: number
  functionName: string
}

export type WatchdogReport =
  | { kind: 'turning' }
  | { kind: 'blocked'; frames: BundleFrame[] }
  | { kind: 'memory'; bytes: number }

const TEXT_LIMIT = 20_000
const CAUSE_DEPTH = 5

/** The report in a message from the child, or null when its shape is wrong: the child runs code that nobody has vetted. */
export function readReport(message: unknown): Report | null {
  if (!isRecord(message)) return null
  const { kind } = message
  const at = readPlace(message.at)
  switch (kind) {
    case 'ready':
    case 'clean':
      return { kind }
    case 'inspector':
      return typeof message.open === 'boolean' ? { kind, open: message.open } : null
    case 'output': {
      const { stream, text } = message
      if ((stream !== 'stdout' && stream !== 'stderr') || typeof text !== 'string') return null
      return { kind, stream, text, ...(at && { at }) }
    }
    case 'pause': {
      const { number, label, detail } = message
      if (!Number.isSafeInteger(number) || typeof label !== 'string' || !(detail instanceof Uint8Array))
        return null
      return { kind, number: number as number, label, detail }
    }
    case 'exiting':
      return { kind, ...(at && { at }) }
    case 'returned':
      return message.value instanceof Uint8Array ? { kind, value: message.value } : null
    case 'threw': {
      const thrown = readThrownError(message.thrown)
      return thrown && { kind, thrown }
    }
    default:
      return readSpawnReport(message)
  }
}

function readSpawnReport(message: Record<string, unknown>): SpawnReport | null {
  const { kind, spawned, number, name, given, message: text } = message
  if (!isNumber(spawned)) return null
  if (kind === 'spawn kill') return { kind, spawned }
  if (kind === 'spawn') {
    return typeof name === 'string' && given instanceof Uint8Array ? { kind, spawned, name, given } : null
  }
  if (!isNumber(number)) return null
  if (kind === 'spawn go') return { kind, spawned, number }
  if (kind === 'spawn throw' && typeof text === 'string') {
    return { kind, spawned, number, message: text.slice(0, TEXT_LIMIT) }
  }
  return null
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

export function readWatchdogReport(message: unknown): WatchdogReport | null {
  if (!isRecord(message)) return null
  const { kind, bytes, frames } = message
  if (kind === 'turning') return { kind }
  if (kind === 'memory' && typeof bytes === 'number') return { kind, bytes }
  if (kind === 'blocked' && Array.isArray(frames) && frames.every(isBundleFrame)) return { kind, frames }
  return null
}

function isBundleFrame(value: unknown): value is BundleFrame {
  if (!isRecord(value)) return false
  const { url, line, column, functionName } = value
  return (
    typeof url === 'string' &&
    typeof functionName === 'string' &&
    Number.isSafeInteger(line) &&
    Number.isSafeInteger(column)
  )
}

function readThrownError(value: unknown, depth = 0): ThrownError | null {
  if (!isRecord(value)) return null
  const text = (name: string): string | undefined => {
    const field = value[name]
    return typeof field === 'string' ? field.slice(0, TEXT_LIMIT) : undefined
  }
  const thrown: ThrownError = {
    name: text('name') ?? 'Error',
    message: text('message') ?? '',
    stack: text('stack') ?? '',
  }
  const code = text('code')
  const type = text('type')
  const cause = depth < CAUSE_DEPTH ? readThrownError(value.cause, depth + 1) : null
  const at = readPlace(value.at)
  if (code !== undefined) thrown.code = code
  if (type !== undefined) thrown.type = type
  if (cause) thrown.cause = cause
  if (at) thrown.at = at
  return thrown
}

function readPlace(value: unknown): Place | null {
  if (!isRecord(value)) return null
  const { file, line, column, within } = value
  if (typeof file !== 'string' || !Number.isSafeInteger(line)) return null
  return {
    file,
    line: line as number,
    ...(Number.isSafeInteger(column) && { column: column as number }),
    ...(typeof within === 'string' && { within }),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
