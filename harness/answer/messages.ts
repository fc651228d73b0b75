import type { Place } from '../result.ts'

/**
 * What crosses between a check (in the vitest worker), the keeper (a process of ours) and the child (the process that
 * runs the answer). Values cross by structured clone (node:v8). Nothing else crosses.
 */

/** Which code to run: the scenes of an exercise around one answer. */
export interface AnswerCode {
  /** `03-produce-event` */
  exercise: string
  /** Absolute path of the answer. It stands in for the exercise's own `name.ts`. */
  answerFile: string
  /** Absolute path of the scenes, or null for a pure exercise. */
  scenesFile: string | null
}

/** The data behind a scene's stage; the child makes `kafka` and `pauseAt` from it. */
export interface StageData {
  /** Bootstrap address, the wiretap's: `127.0.0.1:40123`. */
  broker: string
  /** Ports of 127.0.0.1 that lead to the broker: all that there is of the network in a container. */
  ports: number[]
  topic: string
  group: string
  transactionalId: string
}

/** What to do in the child: one scene, or a list of calls of one exported function. */
export type Task =
  | { kind: 'scene'; name: string; stage: StageData; given: unknown }
  | { kind: 'calls'; name: string; argumentLists: unknown[][] }

export interface TaskOptions {
  /** Milliseconds until the child is ended; suspended while an inspector is open. */
  deadlineMs: number
  /** Free output: the child's output goes to the terminal as it comes (`npm run play`). */
  inheritOutput?: boolean
}

/** An error as it left the answer: structured clone would lose its class and code. */
export interface ThrownError {
  name: string
  message: string
  code?: string
  /** Kafka's own name of the error where kafkajs gives one: `NOT_ENOUGH_REPLICAS`. */
  type?: string
  /** The same for the error that caused it. */
  cause?: ThrownError
  stack: string
  /** First stack frame in the answer, else in the scenes. */
  at?: Place
}

/** The result of one call of a `calls` task. */
export type CallOutcome = { value: unknown } | { thrown: ThrownError }

/** How a task ended. Only `returned` carries anything that the answer said. */
export type Ending =
  | { kind: 'returned'; value: unknown }
  | { kind: 'threw'; thrown: ThrownError }
  | { kind: 'not compiled'; problems: { text: string; at?: Place }[] }
  /** Past its deadline. `loopAt` is the line of a synchronous endless loop, `pausedAt` a pause that nobody released. */
  | { kind: 'deadline'; deadlineMs: number; loopAt?: Place; pausedAt?: string }
  | { kind: 'exited'; code: number | null; signal: string | null; at?: Place }
  | { kind: 'output limit'; limitBytes: number }
  | { kind: 'memory limit'; limitBytes: number }
  /** Ended by the check: `playing.kill()`. */
  | { kind: 'killed' }
  /** The answer ended the keeper; the next task gets a new one. */
  | { kind: 'keeper lost' }
  /** The workbook could not run it, for a reason that is a whole sentence. The answer had no part in it. */
  | { kind: 'not run'; reason: string }
