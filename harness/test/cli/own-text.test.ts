import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Exercise, findExercise, listExercises } from '../../exercise/find.ts'
import { pristineFile, pristineStub } from '../../exercise/pristine.ts'
import { copyWorkbook, type Run, remove, runTool } from './run-tool.ts'

/* What a learner does with an answer beside judging it, with the real tool, from the first line to the last. */

// Every test runs the tool several times.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let root: string
let exercise: Exercise
let stub: string
beforeAll(() => {
  root = copyWorkbook()
  exercise = findExercise(listExercises(root), '05')
  stub = pristineStub(exercise, root)
})
afterAll(() => remove(root))

const MINE = '// my first idea\r\n'
const written = () => fs.readFileSync(exercise.file, 'utf8')
const workbook = (line: string) => runTool(root, line.split(' '))
const solution = () =>
  fs.readFileSync(path.join(exercise.solutionFolder, path.basename(exercise.file)), 'utf8')

/** Ended well, with nothing to complain of. */
function expectDone(run: Run): void {
  expect(run).toMatchObject({ code: 0, stderr: '', filesLeft: [], processesLeft: [] })
}

test('reset and undo', async () => {
  fs.writeFileSync(exercise.file, MINE)
  const reset = await workbook('reset 05')
  expectDone(reset)
  expect(reset.stdout).toBe('05-partition-for-key holds its stub. What it held before: npm run undo 05\n')
  expect(written()).toBe(stub)
  const undo = await workbook('undo 05')
  expectDone(undo)
  expect(undo.stdout).toMatch(
    /^05-partition-for-key holds the text [0-9a-f]{6} of \d{4}-\d\d-\d\d \d\d:\d\d again\.\n/,
  )
  expect(written()).toBe(MINE)
})

test('all texts are listed, and each can be had', async () => {
  const list = await workbook('undo 05 --list')
  expectDone(list)
  const [, hash = ''] = /^ {2}([0-9a-f]{6}) .* the stub$/m.exec(list.stdout) ?? []
  expect(list.stdout).toMatch(/^ {2}[0-9a-f]{6} {2}\S+ \S+ +1 line {2}in the file now$/m)
  expectDone(await workbook(`undo 05 ${hash}`))
  expect(written()).toBe(stub)
  expectDone(await workbook('undo 05'))
  expect(written()).toBe(MINE)
  const unknown = await workbook('undo 05 abcdef')
  expect(unknown).toMatchObject({ code: 2, stdout: '' })
  expect(unknown.stderr).toContain('No text abcdef of 05-partition-for-key is kept.\n')
})

test('diff shows the stub, and a solution only to who has passed or insists', async () => {
  const mine = await workbook('diff 05')
  expectDone(mine)
  expect(mine.stdout).toContain('\n  - the stub\n  + yours: exercises')
  expect(mine.stdout).toMatch(/^ +1 \+ \/\/ my first idea$/m)
  const refused = await workbook('diff 05 --solution')
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain('You have not passed 05 yet, and this would show you its solution.')
  const insisted = await workbook('diff 05 --solution --anyway')
  expectDone(insisted)
  expect(insisted.stdout).toContain('  + the solution\n')
  expect(insisted.stdout).toMatch(/^ +1 - \/\/ my first idea$/m)
})

test('a solution that was swapped in passes, counts for nobody, and goes again', async () => {
  expectDone(await workbook('solve 05'))
  expect(written()).toBe(solution())
  expect((await workbook('test 05')).code).toBe(0)
  const [row] = JSON.parse((await workbook('list --json')).stdout).slice(4)
  expect(row).toMatchObject({ number: '05', passed: false, verdict: null, holds: 'solution' })
  expect((await workbook('list')).stdout).toMatch(/^ +05 .* min {2}solution {2}/m)
  const undo = await workbook('undo all')
  expectDone(undo)
  expect(undo.stdout.trim().split('\n')).toHaveLength(1)
  expect(written()).toBe(MINE)
  expect((await workbook('undo all')).stdout).toContain('there is nothing to bring back')
})

test('who wrote the answer has passed, and sees it beside the solution', async () => {
  fs.writeFileSync(exercise.file, `${solution()}// mine\n`)
  expect((await workbook('test 05')).code).toBe(0)
  expect((await workbook('diff 05')).stdout).toMatch(/^ +\d+ - \/\/ mine$/m)
  const progress = JSON.parse((await workbook('progress --json')).stdout)
  expect(progress).toMatchObject({ passed: 1, of: 24, attempts: 1, mistakesMade: 0 })
})

test('a newer stub is told once; the file stays', async () => {
  fs.writeFileSync(pristineFile(exercise, root), `${stub}// new in this version\n`)
  const news = 'The stub of 05 has changed since you began; your file is as you left it.\n'
  const before = written()
  expect((await workbook('test 05')).stderr).toContain(news)
  expect((await workbook('diff 05 --upgrade')).stdout).toMatch(/^ +\d+ \+ \/\/ new in this version$/m)
  expect(written()).toBe(before)
  expect((await workbook('test 05')).stderr).toBe('')
  // What the workbook has changed is none of the learner's changes.
  const mine = await workbook('diff 05 --stub')
  expect(mine.stderr).toContain(news)
  expect(mine.stdout).toContain('\n  - the stub that you began with\n')
  expect(mine.stdout).not.toContain('new in this version')
})

test('progress goes to another machine', async () => {
  const other = copyWorkbook()
  try {
    const file = path.join(root, 'mine.json')
    expectDone(await runTool(root, ['progress', 'export', file]))
    expect((await runTool(root, ['progress', 'export', file])).stderr).toContain(
      'mine.json is there already.',
    )
    const imported = await runTool(other, ['progress', 'import', file])
    expectDone(imported)
    expect(imported.stdout).toMatch(/^[1-9]\d* entries of exercises and 0 of quizzes were new here\.\n$/)
    const standings = await Promise.all([root, other].map((one) => runTool(one, ['progress', '--json'])))
    expect(standings[1]?.stdout).toBe(standings[0]?.stdout)
  } finally {
    remove(other)
  }
})

test('in a copy without solutions, a sentence says where they will be', async () => {
  remove(path.join(root, 'solutions'))
  const before = written()
  for (const line of ['solve 05', 'diff 05 --solution --anyway']) {
    const run = await workbook(line)
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toBe(
      'This copy of the workbook has no solution of 05-partition-for-key.\n' +
        'It will be in solutions/05-partition-for-key/partition-for-key.ts when your teacher opens it.\n',
    )
  }
  expect((await workbook('solve all')).stderr).toContain('This copy of the workbook has no solutions.\n')
  expect((await workbook('diff 05')).stderr).toContain('This copy has no solution of 05 yet')
  expect(written()).toBe(before)
})

test('a file that was deleted comes back', async () => {
  const before = written()
  fs.rmSync(exercise.file)
  expectDone(await workbook('undo 05'))
  expect(written()).toBe(before)
})
