import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Exercise, listExercises } from '../../exercise/find.ts'
import { lintContent } from '../../verify/lint.ts'
import { newExercise } from '../../verify/new-exercise.ts'
import { copyWorkbook, PACKAGES, remove, runTool } from '../cli/run-tool.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const { devDependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'))

let root = ''
let last = 0
let made: { exercise: Exercise; files: string[] }[] = []

beforeAll(() => {
  root = copyWorkbook({ packages: [...PACKAGES, ...Object.keys(devDependencies)] })
  for (const name of ['README.md', 'docs'])
    fs.cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true })
  last = Number(listExercises(root).at(-1)?.number)
  made = [newExercise(root, 'count-orders', 'broker'), newExercise(root, 'tell-orders-apart', 'pure')]
}, 120_000)
afterAll(() => remove(root))

const problems = async () => {
  const found = await lintContent(
    made.map(({ exercise }) => exercise),
    root,
  )
  return found.filter((line) => made.some(({ exercise }) => line.includes(exercise.name)))
}

describe('a new exercise', () => {
  test('comes after the last one, with all of its files', () => {
    const names = made.map(({ exercise }) => exercise.name)
    expect(names).toEqual([`${last + 1}-count-orders`, `${last + 2}-tell-orders-apart`])
    for (const { files } of made)
      for (const file of files) {
        const text = fs.readFileSync(path.join(root, file), 'utf8')
        expect(text, file).not.toMatch(/\{\{|NAME/)
      }
  })

  test('keeps its promises at once: verify judges its answers, and lists what is to be written', async () => {
    const numbers = made.map(({ exercise }) => exercise.number).join(',')
    const { code, stdout } = await runTool(root, ['verify', '--exercise', numbers])
    expect(stdout).toContain('answers: 8, judged 8 times, 0 differences')
    expect(stdout).toContain('README.md:1 to be written: a title of a few words')
    expect(code).toBe(1)
  }, 120_000)

  test('keeps them when nobody trusts its answers, too', async () => {
    const number = made[1]?.exercise.number ?? ''
    const { stdout } = await runTool(root, ['verify', '--exercise', number, '--strict', '--seed', '4711'])
    expect(stdout).toContain('seed 4711, strict\n')
    expect(stdout).toContain('answers: 4, judged 4 times, 0 differences')
  }, 120_000)

  test('is not judged when its results could not be written', async () => {
    const run = await runTool(root, ['verify', '--output', 'no/such/results.json'])
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('There is no folder') })
  }, 120_000)

  test('is without a problem but its TODOs, and that it has too few mistakes yet', async () => {
    const written = (line: string) => !line.includes('to be written') && !line.includes('4 mistakes or more')
    const before = await problems()
    expect(before.length).toBeGreaterThan(30)
    expect(before.filter(written)).toEqual([])
    for (const { files } of made)
      for (const file of files.map((one) => path.join(root, one)))
        fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll('TODO(author): ', 'Written: '))
    expect((await problems()).filter((line) => line.includes('to be written'))).toEqual([])
  }, 120_000)

  test('has a name of its own, and writes over nothing', () => {
    expect(() => newExercise(root, 'count-orders', 'pure')).toThrow('already')
    expect(() => newExercise(root, 'Orders', 'pure')).toThrow('no name for an exercise')
    expect(() => newExercise(root, '../orders', 'pure')).toThrow('no name for an exercise')
  })
})
