import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../grade/shipped-exercises.ts'
import { copyWorkbook, remove, runTool } from './run-tool.ts'

/** Two runs of the command line, on a machine with much else to do. */
const PATIENCE_MS = 60_000

let root: string
let desk: string
beforeAll(() => {
  root = copyWorkbook()
  desk = path.join(root, 'desk')
  fs.mkdirSync(desk)
  // Questions may point to its claims.
  fs.cpSync(path.join(ROOT, 'docs', 'often-said.md'), path.join(root, 'docs', 'often-said.md'))
})
afterAll(() => remove(root))

const quiz = (...argv: string[]) => runTool(root, ['quiz', ...argv], { cwd: desk })

test('a quiz of one’s own is looked at, however it is given, and not the shipped ones', {
  timeout: PATIENCE_MS,
}, async () => {
  fs.writeFileSync(path.join(desk, 'mine.md'), '# Mine\n\n## What?\n<!-- q id=mine-what -->\n\nSay.\n')
  const given = await quiz('--lint', '--file', 'mine.md')
  expect(given).toMatchObject({ code: 2, stderr: '' })
  expect(given.stdout).toContain('mine.md:1 error head ')
  expect(given.stdout).toMatch(/, [1-9]\d* errors, 0 warnings\n/)
  expect(given.stdout).toContain('The format: harness/quiz/README.md\n')
  expect(await quiz('--lint', 'mine.md')).toMatchObject({ code: 2, stdout: given.stdout })
})

test('quizzes are exported all or not at all', { timeout: PATIENCE_MS }, async () => {
  fs.writeFileSync(path.join(desk, 'log.quiz.gift'), 'mine')
  const run = await quiz('export', 'keys', 'log', '--format', 'gift')
  expect(run).toMatchObject({ code: 2, stdout: '' })
  expect(run.stderr).toContain('log.quiz.gift is there already.')
  expect(fs.readdirSync(desk)).not.toContain('keys.quiz.gift')
})
