import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import { type Exercise, edits, findExercise, isPure } from '../../exercise/find.ts'

const exercises = ['03-produce-event', '04-produce-batch', '05-partition-for-key', '08-consume-events'].map(
  (name): Exercise => ({
    name,
    number: name.slice(0, 2),
    file: path.join('exercises', name, `${name.slice(3)}.ts`),
    checkFile: '',
    scenesFile: null,
    playFile: null,
    pageFile: '',
    hintsFile: '',
    solutionFolder: '',
  }),
)

function hintOf(wanted: string): string {
  try {
    findExercise(exercises, wanted)
  } catch (error) {
    if (error instanceof WorkbookError) return `${error.message} ${error.hint}`
  }
  throw new Error('found, or not a WorkbookError')
}

describe('an exercise is found by', () => {
  test.each([
    ['its number', '03'],
    ['its number without a nought', '3'],
    ['its name', 'produce-event'],
    ['its folder', '03-produce-event'],
    ['a path to its page', 'exercises/03-produce-event/README.md'],
    ['a Windows path', 'exercises\\03-produce-event\\produce-event.ts'],
    ['part of its name', 'duce-ev'],
  ])('%s', (_, wanted) => expect(findExercise(exercises, wanted).name).toBe('03-produce-event'))
})

test('two that fit are both named', () => {
  expect(hintOf('produce')).toContain('03-produce-event, 04-produce-batch')
})

test.each([
  ['a typing error', 'prodcue-event', '03-produce-event'],
  ['a number that does not exist', '7', '08-consume-events'],
])('the nearest is suggested: %s', (_, wanted, nearest) => {
  expect(hintOf(wanted)).toContain(`Did you mean ${nearest}?`)
})

test('nothing is suggested for nonsense', () => {
  expect(hintOf('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')).not.toContain('Did you mean')
})

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'abd', 1],
  ['kitten', 'sitting', 3],
])('edits(%o, %o) is %i', (a, b, count) => expect(edits(a, b)).toBe(count))

test('an exercise is pure without scenes, and with scenes when its page says so', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'workbook-page-'))
  const page = (kind: string) => {
    const pageFile = path.join(folder, `${kind}.md`)
    writeFileSync(pageFile, `# 03 · Title\n\nObjective: one thing.\nKind: ${kind}\n`)
    return pageFile
  }
  const [exercise] = exercises as [Exercise]
  const scenesFile = 'produce-event.scenes.ts'
  expect(isPure({ ...exercise, pageFile: page('pure') })).toBe(true)
  expect(isPure({ ...exercise, scenesFile, pageFile: page('broker') })).toBe(false)
  expect(isPure({ ...exercise, scenesFile, pageFile: page('pure') })).toBe(true)
  rmSync(folder, { recursive: true })
})
