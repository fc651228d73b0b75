import { existsSync, readFileSync } from 'node:fs'
import { WorkbookError } from '../../errors.ts'
import { type Exercise, readPage } from '../../exercise/find.ts'
import { readHints } from '../../exercise/hints.ts'
import { parseMarkdown } from '../../markdown/parse.ts'
import { linkProblems } from './links.ts'
import { lineAt, located } from './rule.ts'

const SECTIONS = [
  'Why',
  'The idea',
  'Your task',
  'How it is judged',
  'In other clients',
  'Sources',
  'In your own words',
]
const KINDS = ['pure', 'broker', 'fix this']

/** The page has its front lines, its sections in order, its sources, and links that lead somewhere; hints are there. */
export function lintPage(exercise: Exercise, root: string): string[] {
  const { pageFile } = exercise
  if (!existsSync(pageFile)) return [located(root, pageFile, 1, 'the page is missing')]
  const text = readFileSync(pageFile, 'utf8')
  return [
    ...frontProblems(exercise, text, root),
    ...sectionProblems(pageFile, text, root),
    ...linkProblems(pageFile, text, root),
    ...markdownProblems(pageFile, text, root),
    ...hintProblems(exercise, root),
  ]
}

function frontProblems(exercise: Exercise, text: string, root: string): string[] {
  const page = readPage(exercise)
  const wrong: string[] = []
  if (!text.startsWith(`# ${exercise.number} · `))
    wrong.push(`the title should start with "# ${exercise.number} · "`)
  if (!page.objective) wrong.push('the line "Objective: ..." is missing')
  if (!KINDS.includes(page.kind)) wrong.push(`"Kind:" should be one of ${KINDS.join(', ')}`)
  if (page.kind === 'broker' && !exercise.scenesFile) wrong.push('a broker exercise needs scenes')
  if (page.minutes < 1) wrong.push('the line "Minutes: N" is missing')
  if (!/\nQuiz: \[[^\]]+\]\(\.\.\/\.\.\/quizzes[^)]*\), `npm run quiz [\w-]+`\s*$/.test(text)) {
    wrong.push('the last line should be "Quiz: [title](../../quizzes/NAME.md), `npm run quiz NAME`"')
  }
  return wrong.map((message) => located(root, exercise.pageFile, 1, message))
}

function sectionProblems(file: string, text: string, root: string): string[] {
  const found = [...text.matchAll(/^## (.+?)\s*$/gm)].map((match) => match[1])
  const inOrder = found.filter((title) => SECTIONS.includes(title as string))
  const wrong =
    JSON.stringify(inOrder) === JSON.stringify(SECTIONS)
      ? []
      : [`sections should be, in order: ${SECTIONS.join(', ')}`]
  const sources = /^## Sources\s*$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text)?.[1] ?? ''
  if ((sources.match(/https:\/\//g) ?? []).length < 2) wrong.push('"Sources" should have two links or more')
  return wrong.map((message) => located(root, file, 1, message))
}

/** What `npm run read` could not show. */
function markdownProblems(file: string, text: string, root: string): string[] {
  const { problems } = parseMarkdown(text, { pictures: true })
  const unnamed = [...text.matchAll(/!\[\s*\]\(/g)].map(({ index }) => lineAt(text, index))
  return [
    ...problems.map(({ line, message }) => located(root, file, line, message)),
    ...unnamed.map((line) => located(root, file, line, 'a picture has no words that say what is on it')),
  ]
}

function hintProblems(exercise: Exercise, root: string): string[] {
  try {
    readHints(exercise)
    return []
  } catch (error) {
    if (error instanceof WorkbookError) return [located(root, exercise.hintsFile, 1, error.message)]
    throw error
  }
}
