import { existsSync, readFileSync } from 'node:fs'
import { answerIds } from '../../exercise/answer.ts'
import { checkFiles } from '../../exercise/check-files.ts'
import { DECLARATION } from '../../exercise/declared-checks.ts'
import type { Exercise } from '../../exercise/find.ts'
import { lineAt, located } from './rule.ts'

const FEWEST_MISTAKES = 4
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** The ids of the checks that a file declares, in order. */
export function checkIds(text: string): string[] {
  return [...text.matchAll(DECLARATION)].map(([, , id = '']) => id)
}

/** Ids are unique and stable, titles are sentences, `after` looks back, and every mistake has its file. */
export function lintChecks(exercise: Exercise, root: string): string[] {
  const { checkFile } = exercise
  if (!existsSync(checkFile)) return [located(root, checkFile, 1, 'the checks are missing')]
  const seen = new Set<string>()
  const files = checkFiles(exercise).map((file) => ({ file, text: readFileSync(file, 'utf8') }))
  const wrong = files.flatMap(({ file, text }) => declarationProblems(text, file, root, seen))
  if (seen.size === 0) wrong.push(located(root, checkFile, 1, 'there is no check'))
  return [...wrong, ...mistakeProblems(exercise, files.map(({ text }) => text).join('\n'), root)]
}

/** `seen` has the ids of the files before this one, and gets those of this one. */
function declarationProblems(text: string, file: string, root: string, seen: Set<string>): string[] {
  const wrong: string[] = []
  for (const match of text.matchAll(DECLARATION)) {
    const [, , id = '', , title = '', options = ''] = match
    const problem = (message: string) => wrong.push(located(root, file, lineAt(text, match.index), message))
    if (!KEBAB.test(id)) problem(`the id "${id}" should be kebab-case`)
    if (seen.has(id)) problem(`the id "${id}" is used twice`)
    if (!/^([A-Z`0-9]|acks|kafkajs)/.test(title) || title.split(' ').length < 4)
      problem(`the title "${title}" should be a full sentence`)
    if (title.endsWith('.')) problem(`the title "${title}" should have no full stop`)
    const after = /after:\s*(\[[^\]]*\]|'[^']*')/.exec(options)?.[1] ?? ''
    for (const [, earlier = ''] of after.matchAll(/'([^']*)'/g)) {
      if (!seen.has(earlier)) problem(`"${id}" comes after "${earlier}", which is not an earlier check`)
    }
    seen.add(id)
  }
  if (/\bcheck\((?!\s*['"])/.test(text))
    wrong.push(located(root, file, 1, 'every check should begin with a literal id'))
  return wrong
}

function mistakeProblems(exercise: Exercise, text: string, root: string): string[] {
  const { checkFile } = exercise
  const called = [...text.matchAll(/\bmistake\(\s*(['"])(.+?)\1/gs)].map((match) => match[2] as string)
  const shipped = answerIds(exercise, 'mistakes')
  const wrong: string[] = []
  for (const id of new Set(called)) {
    if (called.filter((one) => one === id).length > 1)
      wrong.push(`mistake "${id}" is called in more than one place`)
    if (!shipped.includes(id))
      wrong.push(`mistake "${id}" has no file solutions/${exercise.name}/mistakes/${id}.ts`)
  }
  for (const id of shipped) if (!called.includes(id)) wrong.push(`no check names the mistake "${id}"`)
  if (/\bmistake\((?!\s*['"])/.test(text)) wrong.push('every mistake should begin with a literal id')
  if (shipped.length < FEWEST_MISTAKES) wrong.push(`there should be ${FEWEST_MISTAKES} mistakes or more`)
  if (answerIds(exercise, 'alternatives').length === 0) wrong.push('there should be an alternative')
  return wrong.map((message) => located(root, checkFile, 1, message))
}
