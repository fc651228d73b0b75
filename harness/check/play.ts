import type { CallOutcome, Ending } from '../answer/messages.ts'
import { Pauses } from '../answer/pauses.ts'
import { AnswerError, endingError } from './answer-error.ts'
import { keepTrip, type Trip } from './call-lines.ts'
import type { Calls, Outcome, Play, Playing } from './playing.ts'
import type { Trial } from './trial.ts'

/** `play.oneOrder(given)`: any property is a scene; one that does not exist ends as an error of the answer's module. */
export function playWith<Scenes>(trial: Trial): Play<Scenes> {
  return new Proxy(
    {},
    { get: (_, name) => (given?: unknown) => playScene(trial, String(name), given) },
  ) as Play<Scenes>
}

function playScene(trial: Trial, name: string, given: unknown): Playing<unknown> {
  const pauses = new Pauses()
  const started = trial.startScene(name, given, pauses)
  const ended = started.then(async (task) => {
    const ending = await task.ending
    pauses.end((label) => neverReached(trial, ending, label))
    return ending
  })
  // When the scene cannot start (the broker is gone), whoever waits for a pause must hear of it.
  ended.catch((error: Error) => pauses.end(() => error))

  const outcome = async () => outcomeOf(trial, await ended)
  return {
    // biome-ignore lint/suspicious/noThenProperty: a playing scene is awaited like a promise
    then: (onValue, onError) => outcome().then(unwrap).then(onValue, onError),
    outcome,
    paused: (label, nth) => pauses.ask(label, nth),
    async kill() {
      ;(await started).kill()
      await ended
    },
    async ended() {
      await ended
    },
  }
}

/** Returned, or threw; every other ending is thrown as an AnswerError. */
function outcomeOf(trial: Trial, ending: Ending): Outcome<unknown> {
  if (ending.kind === 'returned') return { returned: ending.value }
  const error = endingError(ending, trial.wireContext(ending))
  if (ending.kind !== 'threw' || !(error instanceof AnswerError) || error.notWritten) throw error
  return { threw: new AnswerThrown(error) }
}

/** The scene's own error in the shape that checks read, with the AnswerError behind it for a plain `await`. */
class AnswerThrown {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly type?: string
  readonly #error: AnswerError

  constructor(error: AnswerError) {
    const thrown = error.thrown
    this.name = thrown?.name ?? error.name
    this.message = thrown?.message ?? error.message
    if (thrown?.code !== undefined) this.code = thrown.code
    if (thrown?.type !== undefined) this.type = thrown.type
    this.#error = error
  }

  rethrow(): never {
    throw this.#error
  }
}

function unwrap<R>(outcome: Outcome<R>): R {
  if (outcome.threw instanceof AnswerThrown) outcome.threw.rethrow()
  return outcome.returned as R
}

function neverReached(trial: Trial, ending: Ending, label: string): Error {
  const error = endingError(ending, trial.wireContext(ending))
  return error ?? new AnswerError('no pause', `The scene was over before your code came to "${label}".`)
}

/** `answer.partitionForKey(...)`, for pure answers: any property is an exported function. What is asked is kept in `trips`. */
export function callsOf<Answer>(trial: Trial, trips: Trip[]): Calls<Answer> {
  const call = (name: string) => {
    const one = async (...args: unknown[]) => unwrap(await outcome(...args))
    const outcome = async (...args: unknown[]): Promise<Outcome<unknown>> => {
      const [first] = await callAll(trial, trips, name, [args])
      return first as Outcome<unknown>
    }
    const each = async (lists: unknown[][]) => (await callAll(trial, trips, name, lists)).map(unwrap)
    return Object.assign(one, { outcome, each })
  }
  return new Proxy({}, { get: (_, name) => call(String(name)) }) as Calls<Answer>
}

async function callAll(
  trial: Trial,
  trips: Trip[],
  name: string,
  argumentLists: unknown[][],
): Promise<Outcome<unknown>[]> {
  const trip: Trip = { name, argumentLists, outcomes: [] }
  keepTrip(trips, trip)
  const ending = await trial.callAll(name, argumentLists)
  if (ending.kind !== 'returned') throw endingError(ending, trial.wireContext(ending))
  const outcomes = (ending.value as CallOutcome[]).map((call) => {
    if (!('thrown' in call)) return { returned: call.value }
    return outcomeOf(trial, { kind: 'threw', thrown: call.thrown })
  })
  trip.outcomes = outcomes
  return outcomes
}
