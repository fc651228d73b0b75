import { readFileSync } from 'node:fs'
import type { Exercise } from '../exercise/find.ts'
import { HINT_TIERS } from '../exercise/hints.ts'
import { newStubSentence, stubBegunWith } from '../exercise/pristine.ts'
import { hasSolution, readSolution } from '../exercise/swap.ts'
import { parseMarkdown } from '../markdown/parse.ts'
import { learnerJournal, statesOf } from '../progress/learner.ts'
import { diffReport } from '../report/diff.ts'
import { type Look, plain } from '../report/style.ts'
import type { Played } from '../run/play.ts'
import type { WatchPage } from '../run/watch-page.ts'
import { hintAfter, hintsByName, hintTitle, isTier } from './next-hint.ts'
import { playedLines } from './play.ts'
import { lessonLines, lessonText } from './read.ts'

/** The hints that were asked for before, now or on another day; with `more`, or where none was, one more. */
export function hintPage(root: string, exercise: Exercise, more: boolean): WatchPage {
  const hints = hintsByName(exercise)
  const journal = learnerJournal(root)
  const { entries } = journal.read()
  const asked = statesOf(entries).get(exercise.name)?.hints ?? []
  const next = hintAfter(exercise, entries)
  const isNew = !asked.includes(next) && (more || asked.length === 0 || !isTier(next))
  if (isNew)
    journal.append({ kind: 'hinted', at: new Date().toISOString(), exercise: exercise.name, hint: next })
  const known = isNew ? [...asked, next] : asked
  // A hint for a mistake is about the verdict that was there then; the one for the last verdict stands first.
  const shown = [
    ...known.filter((hint) => !isTier(hint)).slice(-1),
    ...HINT_TIERS.filter((tier) => known.includes(tier)),
  ]
  const left = HINT_TIERS.filter((tier) => !known.includes(tier)).length
  return {
    kind: 'hint',
    title: `Hints for ${exercise.number}`,
    blocks: [
      ...shown.flatMap((hint) => [`**${hintTitle(hint)}**`, hints.get(hint) ?? '']),
      left > 0 ? `h: one more, ${left} left` : 'This is all. Every hint is here.',
    ].flatMap((text) => parseMarkdown(text).blocks),
  }
}

/** By which a page stands in on the screen, in columns. */
const INDENT = 2

/** The page of the exercise, as `npm run read` shows it. Throws WorkbookError when it cannot be read. */
export function lessonPage(exercise: Exercise, look: Look, cwd: string): WatchPage {
  // The screen indents and cuts: a link must not lose its end.
  const narrower = { ...look, links: false, width: look.width - INDENT }
  const lines = lessonLines(lessonText(exercise, cwd), exercise, narrower, cwd)
  return { kind: 'lesson', title: `The page of ${exercise.number}`, lines }
}

/** What the learner has changed in the stub or, once it is passed, where the solution does it in another way. */
export function differencePage(root: string, exercise: Exercise, passed: boolean, look: Look): WatchPage {
  const own = readFileSync(exercise.file, 'utf8')
  const title = `What differs in ${exercise.number}`
  const { text, name, isOld } = stubBegunWith(root, exercise)
  if (passed && hasSolution(exercise)) {
    const names = { before: 'yours', after: 'the solution' }
    return {
      kind: 'difference',
      title,
      lines: diffReport(own, readSolution(root, exercise), names, look, text),
    }
  }
  const lines = diffReport(text, own, { before: name, after: 'yours' }, look)
  return { kind: 'difference', title, lines: isOld ? [...lines, '', newStubSentence(exercise)] : lines }
}

/** Throws a WorkbookError in a copy of the workbook that has no solutions. */
export function solutionPage(root: string, exercise: Exercise): WatchPage {
  const text = plain(readSolution(root, exercise).replaceAll('\r\n', '\n'))
  return {
    kind: 'solution',
    title: `The solution of ${exercise.number}; your file is as it was`,
    lines: text.trimEnd().split('\n'),
  }
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
