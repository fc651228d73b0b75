import type { Pause } from '../answer/pauses.ts'
import type { GivenOf, Stage } from '../answer/stage.ts'

/** How a scene ended, for checks that look at both ways. */
export type Outcome<R> =
  | { returned: R; threw?: undefined }
  | { returned?: undefined; threw: AnswerErrorShape }

export interface AnswerErrorShape {
  name: string
  message: string
  code?: string
  type?: string
}

/**
 * A scene that plays. Awaiting it gives what the scene returned, or throws an AnswerError (the answer threw, ran out
 * of time, exited, ...), which fails the check with a sentence of its own.
 */
export interface Playing<R> extends PromiseLike<R> {
  /** Returned or threw. Anything else (deadline, exit, ...) still throws an AnswerError. */
  outcome(): Promise<Outcome<R>>
  /**
   * Holds the scene at its next arrival at `label`, or at its `nth` arrival (from 1). Ask before the arrival can happen:
   * in the same turn as `play.x()`, or before `go()` of the pause before it. Arrivals nobody asked for pass straight on.
   */
  paused(label: string, nth?: number): Promise<Pause>
  /** SIGKILL: the only crash there is (kafkajs leaves its group on `stop` and on `disconnect`). Resolves when it is gone. */
  kill(): Promise<void>
  /** Resolves when the scene is over, however it ended. */
  ended(): Promise<void>
}

type AnyFunction = (...args: never[]) => unknown

/** One function for each scene of a module. */
export type Play<Scenes> = {
  [Name in keyof Scenes as Scenes[Name] extends (stage: never) => unknown
    ? Name
    : never]: Scenes[Name] extends (stage: Stage<never>) => infer R
    ? (given?: GivenOf<Scenes[Name]>) => Playing<Awaited<R>>
    : never
}

/** One call of a pure answer: `await answer.partitionForKey('ORD-1', 3)`; `each` makes many calls in one trip. */
export type Calls<Answer> = {
  [Name in keyof Answer as Answer[Name] extends AnyFunction ? Name : never]: Answer[Name] extends (
    ...args: infer Arguments
  ) => infer R
    ? {
        (...args: Arguments): Promise<Awaited<R>>
        each(argumentLists: Arguments[]): Promise<Awaited<R>[]>
        /** Returned or threw, for calls that should throw. */
        outcome(...args: Arguments): Promise<Outcome<Awaited<R>>>
      }
    : never
}
