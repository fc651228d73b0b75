import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lintNames } from '../../../verify/lint/names.ts'
import { lintStrayFiles } from '../../../verify/lint/stray-files.ts'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/[\\/]$/, '')
const WHOLE = [
  'exercises/bookstore.ts',
  'exercises/03-produce-event/README.md',
  'exercises/03-produce-event/hints.md',
  'exercises/03-produce-event/produce-event.ts',
  'exercises/03-produce-event/produce-event.scenes.ts',
  'exercises/03-produce-event/produce-event.play.ts',
  'exercises/03-produce-event/produce-event.golden.ts',
  'exercises/03-produce-event/produce-event.check.ts',
  'solutions/tsconfig.json',
  'solutions/03-produce-event/produce-event.ts',
  'solutions/03-produce-event/alternatives/buffer.ts',
  'solutions/03-produce-event/mistakes/null-key.ts',
  'harness/exercise/pristine/03-produce-event.ts.txt',
]

let root: string
beforeEach(() => {
  root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'stray files '))
  for (const name of WHOLE) write(name)
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

function write(name: string, text = ''): void {
  const file = path.join(root, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}

const strays = () => lintStrayFiles(root).map((line) => line.replace(/:1 belongs to no exercise: .*$/, ''))

describe('files that nothing reads', () => {
  test('are none in the workbook, and none where only what belongs there is', () => {
    expect(lintStrayFiles(ROOT)).toEqual([])
    expect(strays()).toEqual([])
  })

  test.each([
    ['notes beside an exercise', 'exercises/03-produce-event/notes.md'],
    ['a copy of an answer', 'exercises/03-produce-event/produce-event.ts.orig'],
    ['a file of another name', 'exercises/03-produce-event/batch.check.ts'],
    ['a folder in an exercise', 'exercises/03-produce-event/golden/one.json'],
    ['a file beside the exercises', 'exercises/library.ts'],
    ['a folder whose number has one digit', 'exercises/4-batch/batch.ts'],
    ['solutions of an exercise that is gone', 'solutions/04-produce-batch/produce-batch.ts'],
    ['a second solution', 'solutions/03-produce-event/produce-event-2.ts'],
    ['a right answer in a folder of another name', 'solutions/03-produce-event/alternative/buffer.ts'],
    ['the stub of an exercise that is gone', 'harness/exercise/pristine/04-produce-batch.ts.txt'],
  ])('%s', (_, name) => {
    write(name)
    expect(strays()).toEqual([name])
  })

  test('a page that the page names belongs there, and so does what is hidden', () => {
    write('exercises/03-produce-event/README.md', 'See `rules.md` and [more](more.md).')
    for (const name of ['rules.md', 'more.md', '.DS_Store']) write(`exercises/03-produce-event/${name}`)
    expect(strays()).toEqual([])
  })
})

describe('names that could mean two things', () => {
  test('are none in the workbook', () => {
    expect(lintNames(ROOT)).toEqual([])
    expect(lintNames(root)).toEqual([])
  })

  test.each([
    ['exercises/03-send-event/README.md', 'exercises: two folders have the number 03'],
    ['exercises/04-produce-event/README.md', 'exercises: two folders have the name produce-event'],
    [
      'solutions/03-produce-event/alternatives/null-key.ts',
      'solutions/03-produce-event: "--answer null-key" could mean two answers',
    ],
    [
      'solutions/03-produce-event/mistakes/solution.ts',
      'solutions/03-produce-event: "--answer solution" could mean two answers',
    ],
  ])('%s', (name, problem) => {
    write(name)
    expect(lintNames(root)).toEqual([problem])
  })
})
