import { WorkbookError } from '../errors.ts'
import { type Exercise, findExercise, listExercises } from '../exercise/find.ts'
import { type CoursePath, exercisesOn, pathNamed, pathOf } from '../exercise/paths.ts'
import { exerciseInHand, type LearnerEntry, learnerJournal, statesOf } from '../progress/learner.ts'
import { keepResult } from '../progress/results.ts'
import { typeErrors } from '../run/type-errors.ts'
import type { WatchEvent } from '../run/watch.ts'
import { openWatchWork } from '../run/watch-work.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'
import { readJournal } from './read-journal.ts'
import { wholeResult } from './test.ts'
import { watchLoop } from './watch-loop.ts'

/** Judges the exercise in hand on every save, until `q`. Exit code 130 after Ctrl+C. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, built, cwd, args, screen } = invocation
  const isPlain =
    args.flag('plain') || process.env.TERM === 'dumb' || (process.stdout.isTTY && !screen.isLive)
  needTerminal(isPlain)
  const exercises = listExercises(root)
  const entries = readJournal(screen, learnerJournal(root))
  const path = choosePath(invocation, entries)
  const first = firstExercise(invocation, exercises, { path, entries })
  let emit: (event: WatchEvent) => void = () => {}
  screen.progress('Starting...')
  const work = await openWatchWork({
    session: {
      root,
      built,
      broker: args.text('broker'),
      foreign: args.flag('foreign'),
      seed: args.count('seed'),
      first: { exercise: first, answer: { kind: 'exercise', file: first.file } },
      onProgress: (line) => screen.progress(line),
    },
    cwd,
    emit: (event) => emit(event),
    typeErrors: (file, signal) => typeErrors(root, file, signal),
    keep: (result, session) => {
      const startedAt = new Date(Date.now() - result.durationMs)
      keepResult(root, result, wholeResult(root, session, startedAt, [result]))
    },
  })
  return withCleanUp(
    () => work.close(),
    async () => {
      screen.progress('')
      const loop = watchLoop(invocation, { exercises, first, path, work, isPlain })
      emit = loop.emit
      return withCleanUp(loop.close, () => {
        loop.start()
        return loop.left
      })
    },
  )
}

/** Without a terminal nobody could end it, and nobody would see a verdict. */
function needTerminal(isPlain: boolean): void {
  if (process.stdin.isTTY && (process.stdout.isTTY || isPlain)) return
  throw new WorkbookError(
    'npm start needs a terminal: its input or output is closed, or leads elsewhere.',
    'Without one, judge once:  npm test NN',
  )
}

/** The path that `--path` names, which is remembered from now on; else the one that is. */
function choosePath({ root, args, screen }: Invocation, entries: readonly LearnerEntry[]): CoursePath {
  const before = pathOf(entries)
  const wanted = args.text('path')
  if (wanted === undefined) return before
  const path = pathNamed(wanted)
  if (path === before) return path
  try {
    learnerJournal(root).append({ kind: 'path', at: new Date().toISOString(), path: path.name })
  } catch (error) {
    // Where nothing can be kept, it is the path for today.
    if (!(error instanceof WorkbookError)) throw error
    screen.note(error.message)
  }
  return path
}

function firstExercise(
  { args }: Invocation,
  exercises: Exercise[],
  { path, entries }: { path: CoursePath; entries: readonly LearnerEntry[] },
): Exercise {
  const [wanted] = args.positionals
  if (wanted !== undefined) return findExercise(exercises, wanted)
  return exerciseInHand(exercisesOn(path, exercises), statesOf(entries))
}
