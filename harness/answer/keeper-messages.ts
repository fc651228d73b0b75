import type { OutputLine } from '../result.ts'
import type { ChildTask, SpawnedCommand, SpawnReport } from './child-messages.ts'
import type { Confinement } from './confine.ts'
import type { AnswerCode, Ending, TaskOptions, ThrownError } from './messages.ts'

/**
 * What a client (the side that wants answers run) and the keeper say to each other. `task` is the client's number for
 * a running task. Values of checks and answers stay serialized on their way: the keeper never unpacks them.
 */

/** Lines of output that a client keeps of one task. Free output is printed whole, and kept as far as this. */
export const KEPT_LINES = 1000

export type Request =
  /** Always the first. */
  | { kind: 'hello'; token: string }
  | { kind: 'prepare'; code: AnswerCode }
  | { kind: 'run'; task: number; code: AnswerCode; what: ChildTask; options: TaskOptions }
  | { kind: 'go'; task: number; number: number }
  | { kind: 'throw'; task: number; number: number; message: string }
  | { kind: 'kill'; task: number }
  | { kind: 'tell'; task: number; command: SpawnedCommand }
  /** Asks for a sign of life. */
  | { kind: 'ping' }

/** An ending whose value is still serialized. */
export type PackedEnding = Exclude<Ending, { kind: 'returned' }> | { kind: 'returned'; value: Uint8Array }

export type Notice =
  | { kind: 'welcome'; pid: number }
  | { kind: 'pong' }
  /** The task's process: should the keeper be lost, the client ends it. */
  | { kind: 'started'; task: number; pid: number }
  | { kind: 'output'; task: number; line: OutputLine }
  | { kind: 'pause'; task: number; number: number; label: string; detail: Uint8Array }
  | { kind: 'spawning'; task: number; report: SpawnReport }
  | { kind: 'ended'; task: number; ending: PackedEnding }

/** What the keeper is told when it starts, on standard input; when that closes, it ends. */
export interface KeeperSettings {
  address: string
  token: string
  root: string
  childFile: string
  confinement: Confinement
  /** A private folder that exists. */
  privateDir: string
  /** NODE_OPTIONS and the like of the main process, for children only. */
  debugger: NodeJS.ProcessEnv
}

/** An error of the harness's own, in the shape of one that an answer threw. */
export function ownThrownError(message: string): ThrownError {
  return { name: 'Error', message, stack: '' }
}
