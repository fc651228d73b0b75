import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findExercise, listExercises } from '../../exercise/find.ts'
import { type Promised, promisesOf } from '../../verify/promises.ts'
import { openRoundsBefore } from '../../verify/rounds-before.ts'

const workbook = fileURLToPath(new URL('../../..', import.meta.url))
let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'rounds before '))
  for (const folder of ['exercises', 'solutions', 'harness/exercise/pristine']) {
    cpSync(path.join(workbook, folder), path.join(root, folder), { recursive: true })
  }
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function solution(): Promised {
  const folder = path.join(root, 'stubs')
  mkdirSync(folder, { recursive: true })
  const all = promisesOf(findExercise(listExercises(root), '05'), root, folder)
  return all.find(({ name }) => name === 'solution') as Promised
}

test('a later run counts the rounds of an earlier one, for each broker', () => {
  const first = openRoundsBefore(root, 'embedded 4.x')
  first.keep(solution(), 1)
  first.keep(solution(), 2)
  expect(first.count(solution())).toBe(2)
  expect(openRoundsBefore(root, 'embedded 4.x').count(solution())).toBe(2)
  expect(openRoundsBefore(root, 'jvm-4.3.1').count(solution())).toBe(0)
})

test('an answer, or checks, that changed begin again', () => {
  openRoundsBefore(root, 'embedded').keep(solution(), 1)
  const { exercise, answer } = solution()
  for (const file of [answer.file, exercise.checkFile]) {
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, `${text}\n// changed\n`)
    expect(openRoundsBefore(root, 'embedded').count(solution())).toBe(0)
    writeFileSync(file, text)
  }
  const beside = exercise.checkFile.replace(/check\.ts$/, 'golden.ts')
  writeFileSync(beside, '')
  expect(openRoundsBefore(root, 'embedded').count(solution())).toBe(0)
  rmSync(beside)
  expect(openRoundsBefore(root, 'embedded').count(solution())).toBe(1)
})

test('a torn line loses one round, and no run', () => {
  openRoundsBefore(root, 'embedded').keep(solution(), 1)
  const folder = path.join(root, '.workbook/verify')
  appendFileSync(path.join(folder, readdirSync(folder)[0] as string), '{"exercise":"05-part')
  const later = openRoundsBefore(root, 'embedded')
  expect(later.count(solution())).toBe(1)
  later.keep(solution(), 2)
  expect(openRoundsBefore(root, 'embedded').count(solution())).toBe(2)
})
