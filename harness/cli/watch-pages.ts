import { existsSync, readFileSync } from 'node:fs'
import { WorkbookError } from '../errors.ts'
import { solutionOf } from '../exercise/answer.ts'
import type { Exercise } from '../exercise/find.ts'
import { HINT_TIERS, readHints } from '../exercise/hints.ts'
import { pristineStub } from '../exercise/pristine.ts'
import { learnerJournal, statesOf } from '../progress/learner.ts'
import { diffReport } from '../report/diff.ts'
import { type Look, plain } from '../report/style.ts'
import type { Played } from '../run/play.ts'
import type { WatchPage } from '../run/watch.ts'
import { playedLines } from './play.ts'

/** The hints that were asked for before, now or on another day; with `more`, or where none was, one more. */
export function hintPage(root: string, exercise: Exercise, more: boolean): WatchPage {
  const hints = readHints(exercise)
  const journal = learnerJournal(root)
  const asked = statesOf(journal.read().entries).get(exercise.name)?.hints ?? []
  const known = HINT_TIERS.filter((tier) => asked.includes(tier))
  const next = HINT_TIERS.find((tier) => !known.includes(tier))
  const isNew = next !== undefined && (more || known.length === 0)
  if (isNew) {
    journal.append({ kind: 'hinted', at: new Date().toISOString(), exercise: exercise.name, hint: next })
    known.push(next)
  }
  const shown = HINT_TIERS.filter((tier) => known.includes(tier))
  const left = HINT_TIERS.length - shown.length
  return {
    kind: 'hint',
    title: `Hints for ${exercise.number}`,
    lines: [
      ...shown.flatMap((tier) => [tier, '', ...paragraphs(hints[tier]), '']),
      left > 0 ? `h: one more, ${left} left` : 'This is all. Every hint is here.',
    ],
  }
}

/** The paragraphs of a page are broken at its own width; lists and code keep their lines. */
function paragraphs(text: string): string[] {
  return text.split(/\n{2,}/).flatMap((paragraph, index) => {
    const isProse = !/^(\s|[-*`]|\d+\.)/.test(paragraph)
    const lines = isProse ? [paragraph.replaceAll('\n', ' ')] : paragraph.split('\n')
    return index === 0 ? lines : ['', ...lines]
  })
}

/** The learner's file beside the untouched exercise or, once it is passed, beside the solution. */
export function differencePage(root: string, exercise: Exercise, passed: boolean, look: Look): WatchPage {
  const solution = solutionOf(exercise).file
  const own = readFileSync(exercise.file, 'utf8')
  const isSolution = passed && existsSync(solution)
  const [before, after] = isSolution
    ? [own, readFileSync(solution, 'utf8')]
    : [pristineStub(exercise, root), own]
  const names = isSolution
    ? { before: 'your file', after: 'the solution' }
    : { before: 'the untouched exercise', after: 'your file' }
  return {
    kind: 'difference',
    title: `${names.before} and ${names.after}`,
    lines: diffReport(before, after, names, look),
  }
}

/** Throws a WorkbookError in a copy of the workbook that has no solutions. */
export function solutionPage(exercise: Exercise): WatchPage {
  const { file } = solutionOf(exercise)
  if (!existsSync(file)) {
    throw new WorkbookError(
      'The solutions are not in this copy of the workbook.',
      'Ask whoever gave it to you.',
    )
  }
  const lines = plain(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).trimEnd().split('\n')
  return { kind: 'solution', title: `The solution of ${exercise.number}; your file is as it was`, lines }
}

/** What a played scene did; `after` is the scene that the next press plays. */
export function scenePage(
  played: Played,
  scene: string,
  after: string,
  { cwd, look }: { cwd: string; look: Look },
): WatchPage {
  const printed = played.printed.map(({ text }) => `  ${plain(text)}`)
  const more = after === scene ? [] : [`  t plays ${after}`]
  return {
    kind: 'scene',
    title: `The scene ${scene}`,
    lines: [...printed, ...playedLines(played, { cwd, look }), ...more],
  }
}
