import { existsSync, readFileSync } from 'node:fs'
import { WorkbookError } from '../errors.ts'
import { type Exercise, findExercise, listExercises } from '../exercise/find.ts'
import {
  type Attempt,
  attemptBeforeSolution,
  listAttempts,
  readAttempt,
  restoreAttempt,
  undoAnswer,
} from '../progress/attempts.ts'
import { type LearnerEntry, learnerJournal } from '../progress/learner.ts'
import { paint } from '../report/style.ts'
import type { Invocation } from './command.ts'
import { readJournal } from './read-journal.ts'

/** Brings a text of the learner's back: the one before the last change, or the one that is named by its hash. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, args, screen } = invocation
  const [wanted, hash] = args.positionals
  if (!wanted) {
    throw new WorkbookError('Which exercise?', 'For instance: npm run undo 03, or npm run undo all')
  }
  const exercises = listExercises(root)
  if (wanted === 'all') return undoAll(invocation, exercises)
  const exercise = findExercise(exercises, wanted)
  if (args.flag('list')) {
    screen.print(attemptLines(invocation, exercise))
    return 0
  }
  const attempt = hash === undefined ? undoAnswer(root, exercise) : restoreNamed(root, exercise, hash)
  if (!attempt) {
    throw new WorkbookError(
      `No other text of ${exercise.name} is kept.`,
      'A text is kept when it is judged, and before a command replaces it.',
    )
  }
  screen.print([
    `${exercise.name} holds the text ${attempt.hash} of ${timeOf(attempt)} again.`,
    `Back to what it held just now: npm run undo ${exercise.number}.  All its texts: npm run undo ${exercise.number} -- --list`,
  ])
  return 0
}

/** What `solve` took away, in every exercise where nothing was brought back since. */
function undoAll({ root, screen }: Invocation, exercises: readonly Exercise[]): number {
  let count = 0
  for (const exercise of exercises) {
    const attempt = attemptBeforeSolution(root, exercise)
    if (!attempt) continue
    restoreAttempt(root, exercise, attempt)
    screen.print(`${exercise.name} holds the text ${attempt.hash} of ${timeOf(attempt)} again.`)
    count++
  }
  if (count === 0) screen.print('No exercise holds a solution: there is nothing to bring back.')
  return 0
}

function restoreNamed(root: string, exercise: Exercise, hash: string): Attempt {
  const attempt = listAttempts(root, exercise).find((one) => one.hash === hash.toLowerCase())
  if (!attempt) {
    throw new WorkbookError(
      `No text ${hash} of ${exercise.name} is kept.`,
      `All that are: npm run undo ${exercise.number} -- --list`,
    )
  }
  restoreAttempt(root, exercise, attempt)
  return attempt
}

function attemptLines({ root, screen }: Invocation, exercise: Exercise): string[] {
  const verdicts = verdictsOf(readJournal(screen, learnerJournal(root)), exercise)
  const now = existsSync(exercise.file) ? readFileSync(exercise.file) : null
  const rows = listAttempts(root, exercise).map((attempt) => {
    const bytes = readAttempt(attempt)
    const lines = linesIn(bytes.toString('utf8')).padStart(10)
    const what = now?.equals(bytes) ? 'in the file now' : (verdicts.get(attempt.hash) ?? '')
    return `  ${paint(screen.look, 'bold', attempt.hash)}  ${timeOf(attempt)}  ${lines}  ${what}`.trimEnd()
  })
  if (rows.length === 0) return [`No text of ${exercise.name} is kept yet.`]
  return [...rows, '', `  npm run undo ${exercise.number} HASH brings one of them back.`]
}

/** `12 lines`; the end of the last line begins no other. */
function linesIn(text: string): string {
  const count = text.split('\n').length - Number(text === '' || text.endsWith('\n'))
  return `${count} ${count === 1 ? 'line' : 'lines'}`
}

/** The last verdict on each text; those that a command brought in are named for what they are. */
function verdictsOf(entries: readonly LearnerEntry[], { name }: Exercise): Map<string, string> {
  const words = new Map<string, string>()
  for (const entry of entries) {
    if (entry.kind === 'path' || entry.exercise !== name) continue
    if (entry.kind === 'judged' && !words.get(entry.hash)?.startsWith('the '))
      words.set(entry.hash, entry.verdict)
    if (entry.kind === 'swapped' && entry.to !== 'attempt') words.set(entry.hash, `the ${entry.to}`)
  }
  return words
}

/** In local time, to the minute: `2026-03-02 10:15`. */
function timeOf({ at }: Attempt): string {
  const date = new Date(at)
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16).replace('T', ' ')
}
