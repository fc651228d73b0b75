import { WorkbookError } from '../errors.ts'
import { type Exercise, findExercise, listExercises } from '../exercise/find.ts'
import { exerciseInHand, learnerJournal, statesOf } from '../progress/learner.ts'
import { keepResult } from '../progress/results.ts'
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
  const first = firstExercise(invocation, exercises)
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
    keep: (result, session) => {
      const startedAt = new Date(Date.now() - result.durationMs)
      keepResult(root, result, wholeResult(root, session, startedAt, [result]))
    },
  })
  return withCleanUp(
    () => work.close(),
    async () => {
      screen.progress('')
      const loop = watchLoop(invocation, { exercises, first, work, isPlain })
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

function firstExercise({ root, args, screen }: Invocation, exercises: Exercise[]): Exercise {
  const [wanted] = args.positionals
  if (wanted !== undefined) return findExercise(exercises, wanted)
  return exerciseInHand(exercises, statesOf(readJournal(screen, learnerJournal(root))))
}
