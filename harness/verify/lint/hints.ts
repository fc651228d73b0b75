import { existsSync, readFileSync } from 'node:fs'
import { answerIds } from '../../exercise/answer.ts'
import { checkFiles } from '../../exercise/check-files.ts'
import type { Exercise } from '../../exercise/find.ts'
import { HINT_TIERS, type HintSection, hintSections, mistakeOf } from '../../exercise/hints.ts'
import { located } from './rule.ts'

/** Two or three short sentences; more is a page. */
const LONGEST = 400

/**
 * The three tiers come first and in order, then hints for mistakes: short, one for each mistake where there is any, about
 * mistakes that exist. They ask, and show no code; that no line of the solution is among them is looked for with the page.
 */
export function lintHints(exercise: Exercise, root: string): string[] {
  const sections = hintSections(exercise)
  const problem = (line: number, message: string) => located(root, exercise.hintsFile, line, message)
  const wrong: string[] = []
  const order = sections.slice(0, HINT_TIERS.length).map(({ title }) => title)
  if (order.join() !== HINT_TIERS.join())
    wrong.push(problem(1, `sections should begin with: ${HINT_TIERS.join(', ')}`))
  const ofMistakes = sections.slice(HINT_TIERS.length)
  const seen = new Set<string>()
  const mistakes = answerIds(exercise, 'mistakes')
  const shown = sentencesOf(exercise)
  for (const section of ofMistakes) {
    for (const message of sectionProblems(section, mistakes, seen)) wrong.push(problem(section.line, message))
    if (shown.some((sentence) => flat(section.text).includes(sentence)))
      wrong.push(problem(section.line, 'repeats the sentence of the verdict, which is already shown'))
  }
  if (ofMistakes.length > 0) {
    for (const id of mistakes)
      if (!seen.has(id)) wrong.push(problem(1, `there is no hint for the mistake "${id}"`))
  }
  return wrong
}

/** `seen` has the ids of the sections before this one, and gets that of this one. */
function sectionProblems(section: HintSection, mistakes: readonly string[], seen: Set<string>): string[] {
  const id = mistakeOf(section)
  if (id === null) return [`"${section.title}" is neither a tier nor "When the verdict says MISTAKE"`]
  const wrong: string[] = []
  if (!mistakes.includes(id)) wrong.push(`there is no mistake "${id}"`)
  if (seen.has(id)) wrong.push(`the mistake "${id}" has two hints`)
  seen.add(id)
  if (section.text === '') wrong.push('the hint is empty')
  if (section.text.length > LONGEST) wrong.push(`the hint has more than ${LONGEST} characters`)
  if (section.text.includes('```')) wrong.push('the hint shows code')
  return wrong
}

/** The sentences that the checks show, or anything else in quotes that is as long as one. */
function sentencesOf(exercise: Exercise): string[] {
  const texts = checkFiles(exercise)
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
  return texts.flatMap((text) =>
    [...text.matchAll(/(['"])((?:(?!\1).){40,})\1/g)].map((match) => match[2] as string),
  )
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ')
}
