import { readFileSync } from 'node:fs'
import path from 'node:path'
import { DEMOS } from '../demo/demos.ts'
import { listExercises, readPage } from '../exercise/find.ts'
import { hoursAndMinutes, minutesOf, numbersOn, PATHS } from '../exercise/paths.ts'
import { apiTable } from './api-table.ts'
import { versionTable } from './kafka-versions.ts'
import { markdownTable } from './markdown-table.ts'

/** The pages that have a table written by `npm run verify -- --write-tables`, and what writes it. */
const TABLES: Record<string, (root: string) => string[]> = {
  'README.md': (root) => [...exerciseList(root), '', ...pathList(root)],
  'docs/teaching.md': timesInClass,
  'harness/kafka/embedded/README.md': apiTable,
  'docs/kafka-versions.md': versionTable,
}
const BEGIN = '<!-- table: npm run verify -- --write-tables -->'
const END = '<!-- end of table -->'

/** The pages with their tables as they should be now: text by path, relative to the workbook. */
export function pagesWithTables(root: string): Map<string, string> {
  return new Map(
    Object.entries(TABLES).map(([page, write]) => {
      const [before, rest = ''] = readFileSync(path.join(root, page), 'utf8').split(BEGIN)
      const [, after] = rest.split(END)
      if (before === undefined || after === undefined)
        throw new Error(`${page} has lost the marks of its table`)
      return [page, `${before}${BEGIN}\n\n${write(root).join('\n')}\n\n${END}${after}`]
    }),
  )
}

function exerciseList(root: string): string[] {
  const rows = listExercises(root).map((exercise) => {
    const { title, kind, minutes } = readPage(exercise)
    return [exercise.number, `[${title}](exercises/${exercise.name}/README.md)`, kind, minutes]
  })
  return markdownTable(['', 'exercise', 'kind', '>minutes'], rows)
}

/** In class the page was read before, and somebody helps: half the time, in steps of five minutes. */
function timesInClass(root: string): string[] {
  const rows = listExercises(root).map((exercise) => {
    const { title, minutes } = readPage(exercise)
    const demos = DEMOS.filter(({ exercises }) => exercises.includes(exercise.number)).map(
      ({ name }) => `\`${name}\``,
    )
    return [exercise.number, title, minutes, Math.round(minutes / 10) * 5, demos.join(' ')]
  })
  return markdownTable(['', 'exercise', '>alone', '>in class', 'demo before it'], rows)
}

function pathList(root: string): string[] {
  const exercises = listExercises(root)
  const rows = PATHS.map((one) => [
    one.name,
    one.audience,
    numbersOn(one),
    hoursAndMinutes(minutesOf(one, exercises)),
  ])
  return markdownTable(['path', 'for', 'exercises', 'alone'], rows)
}
