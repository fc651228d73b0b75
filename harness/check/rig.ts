import path from 'node:path'
import { connectKeeper } from '../answer/connect-keeper.ts'
import type { KeeperClient } from '../answer/keeper-client.ts'
import type { AnswerCode } from '../answer/messages.ts'
import { findExercise, isPure, listExercises } from '../exercise/find.ts'
import { type Client, connect } from '../kafka/client/client.ts'
import type { RunContext } from './context.ts'

/** Short enough to wait for; a named cluster may ask for more. */
const SESSION_MS = 1500
/** A broker that takes longer for one of our own requests is an error of the broker. */
const REQUEST_MS = 10_000

/** What all checks of one file share: the answer's code, a keeper, and a client of our own for the broker's state. */
export interface Rig {
  context: RunContext
  code: AnswerCode
  exercise: string
  /** Its scenes, if there are any, get no broker. */
  pure: boolean
  /** The session timeout for scenes that wait for it, and what it adds to a deadline: two scenes may wait for it. */
  sessionTimeoutMs: number
  morePatienceMs: number
  keeper(): Promise<KeeperClient>
  client(): Promise<Client>
  close(): Promise<void>
}

/** The rig for the exercise that `checkFile` belongs to. */
export function openRig(checkFile: string, context: RunContext): Rig {
  const exercise = findExercise(listExercises(context.root), path.basename(path.dirname(checkFile)))
  const code: AnswerCode = {
    exercise: exercise.name,
    answerFile: context.answerFiles[exercise.name] ?? exercise.file,
    scenesFile: exercise.scenesFile,
  }
  return { ...rigOf(code, context), pure: isPure(exercise) }
}

/** The rig for scenes of any kind. Connections are made when they are first needed. */
export function rigOf(code: AnswerCode, context: RunContext): Rig {
  const { bootstrap, security } = context.broker
  const sessionTimeoutMs = Math.max(SESSION_MS, context.broker.minSessionTimeoutMs)
  let keeper: Promise<KeeperClient> | undefined
  let client: Promise<Client> | undefined
  return {
    context,
    code,
    exercise: code.exercise,
    pure: false,
    sessionTimeoutMs,
    morePatienceMs: 2 * (sessionTimeoutMs - SESSION_MS),
    keeper: () => (keeper ??= connectKeeper(context.keeper)),
    client: () => (client ??= connect(bootstrap, { timeoutMs: REQUEST_MS, security })),
    async close() {
      // A connection that could not be made has been told to whoever asked for it.
      await keeper?.then((connected) => connected.close()).catch(() => {})
      await client?.then((connected) => connected.close()).catch(() => {})
    },
  }
}
