import { readFileSync } from 'node:fs'
import type { Ending } from '../answer/messages.ts'
import { Pauses } from '../answer/pauses.ts'
import { type AnswerError, endingError } from '../check/answer-error.ts'
import type { RunContext } from '../check/context.ts'
import { openRig, type Rig } from '../check/rig.ts'
import { Trial } from '../check/trial.ts'
import { WorkbookError } from '../errors.ts'
import type { Answer } from '../exercise/answer.ts'
import { checkFiles } from '../exercise/check-files.ts'
import type { Exercise } from '../exercise/find.ts'
import { ownership } from '../kafka/wiretap/ownership.ts'
import { strip } from '../kafka/wiretap/strip.ts'
import type { OutputLine, Ownership, WireLine } from '../result.ts'
import type { Backstage } from './backstage.ts'
import { nextRun } from './next-run.ts'

/** Every scene ends within seconds; one that loops or waits for ever is ended, and says where it stands. */
const PLAY_MS = 30_000

/** What a played scene leaves: what it returned or why it ended, what it printed, and the wire strip. */
export interface Played {
  returned?: unknown
  error?: AnswerError
  /** Its first lines, where they do not go to the terminal. */
  printed: OutputLine[]
  wire: WireLine[]
  ownership: Ownership[]
}

export interface PlayOptions {
  /** What the scene prints goes to the terminal as it comes, and all of it. */
  inheritOutput: boolean
  /** Ends the scene, and its processes. */
  signal?: AbortSignal
}

/** A scene of a play file asks for this moment with the id of a node: the node dies, and the scene goes on. */
const NODE_DIES = 'node dies'

/** Plays one scene without a verdict. Rejects with the signal's reason when that comes before the scene has begun. */
export async function playScene(
  backstage: Backstage,
  exercise: Exercise,
  answer: Answer,
  scene: string,
  { inheritOutput, signal }: PlayOptions = { inheritOutput: true },
): Promise<Played> {
  const answerFiles = { [exercise.name]: answer.file }
  const context = { ...backstage.context, run: nextRun(backstage.context), answerFiles }
  const rig = rigFor(exercise, context)
  try {
    const settings = { deadlineMs: PLAY_MS, partitions: partitionsOf(exercise), inheritOutput }
    const trial = await Trial.open(rig, 'play', settings)
    try {
      signal?.throwIfAborted()
      // What goes wrong here goes wrong once more below, and is told then.
      signal?.addEventListener('abort', () => trial.close().catch(() => {}))
      const task = await trial.startScene(scene, undefined, pausesOf(backstage))
      const outcome = told(trial, await task.ending)
      const { journal = [], ends = [] } = trial.wiretap ?? {}
      const printed = inheritOutput ? [] : trial.tasks.flatMap((one) => one.output)
      return { ...outcome, printed, wire: strip(journal), ownership: ownership(journal, ends) }
    } finally {
      await trial.close()
    }
  } finally {
    await rig.close()
    backstage.sweeper.sweep(context.run)
  }
}

/** As in the checks; where these need no scenes, with those that are for playing alone. */
function rigFor(exercise: Exercise, context: RunContext): Rig {
  const rig = openRig(exercise.checkFile, context)
  if (exercise.scenesFile !== null) return rig
  return { ...rig, code: { ...rig.code, scenesFile: exercise.playFile }, pure: false }
}

function pausesOf({ broker }: Backstage): Pauses {
  const pauses = new Pauses()
  const kill = async () => {
    const pause = await pauses.ask(NODE_DIES)
    try {
      if (!broker.killNode) throw new Error('The nodes of this broker are not ours to end')
      await broker.killNode(Number(pause.detail))
      pause.go()
    } catch (error) {
      pause.throw((error as Error).message)
    }
  }
  // It is never asked for in most scenes.
  kill().catch(() => {})
  return pauses
}

function told(trial: Trial, ending: Ending): Pick<Played, 'returned' | 'error'> {
  const error = endingError(ending, trial.wireContext(ending))
  if (error instanceof WorkbookError) throw error
  if (error) return { error }
  return ending.kind === 'returned' ? { returned: ending.value } : {}
}

/** A scene meets the same topic in `play` as in its checks: what `checksFor` says there, else three partitions. */
function partitionsOf(exercise: Exercise): number {
  // Scenes for playing alone make what they need.
  if (exercise.scenesFile === null) return 0
  const declared = /^(?:export )?const check = checksFor[^)]*\bpartitions:\s*(\d+)/m
  const found = checkFiles(exercise).map((file) => declared.exec(readFileSync(file, 'utf8'))?.[1])
  return Number(found.find((partitions) => partitions !== undefined) ?? 3)
}

/** How many nodes the scenes of an exercise want: what its play file says (`export const nodes = 3`), else 1. */
export function nodesFor({ scenesFile, playFile }: Exercise): number {
  if (scenesFile !== null || playFile === null) return 1
  return Number(/^export const nodes = (\d+)/m.exec(readFileSync(playFile, 'utf8'))?.[1] ?? 1)
}

/** The names of the scenes of an exercise, in the order of the file. Throws a WorkbookError for a pure exercise. */
export function sceneNames(exercise: Exercise): string[] {
  const file = exercise.scenesFile ?? exercise.playFile
  if (file === null) {
    throw new WorkbookError(
      `${exercise.name} is a pure exercise: it has no scene, nothing goes over the wire.`,
      `Judge it: npm test ${exercise.number}`,
    )
  }
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^export (?:async )?function (\w+)/gm)].map((found) => found[1] as string)
}
