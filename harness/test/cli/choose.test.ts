import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { nextForLearner, wantedOrInHand } from '../../cli/choose.ts'
import { listExercises } from '../../exercise/find.ts'
import { type LearnerEntry, learnerJournal } from '../../progress/learner.ts'

const base = mkdtempSync(path.join(os.tmpdir(), 'choose-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const NAMES = ['01-first', '02-second', '03-third', '04-fourth', '05-fifth']
const AT = '2026-03-01T10:00:00.000Z'
const TAKEN: LearnerEntry = { kind: 'path', at: AT, path: 'two hours' }

function workbook(...entries: LearnerEntry[]): string {
  const root = mkdtempSync(path.join(base, 'root-'))
  for (const name of NAMES) mkdirSync(path.join(root, 'exercises', name), { recursive: true })
  learnerJournal(root).append(...entries)
  return root
}

function passed(exercise: string): LearnerEntry {
  return { kind: 'judged', at: AT, exercise, hash: '9c1e02', verdict: 'passed', mistakes: [], durationMs: 1 }
}

/** The exercise that a command without a number is about, and what it says of it. */
function inHand(root: string): string[] {
  const notes: string[] = []
  const screen = {
    isLive: false,
    look: { colour: false, width: 80, ticks: true },
    print() {},
    note: (line: string) => void notes.push(line),
    progress() {},
    close() {},
  }
  return [wantedOrInHand({ root, screen }, undefined).name, ...notes]
}

test('without a number, it is the first on the path that is not passed', () => {
  expect(inHand(workbook(passed('01-first')))).toEqual([
    '02-second',
    'No exercise was named, so this is about 02-second: it is the first that you have not passed.',
  ])
  expect(inHand(workbook(TAKEN, passed('01-first')))).toEqual([
    '03-third',
    'No exercise was named, so this is about 03-third: it is the first on the path "two hours" that you have not passed.',
  ])
})

test('the end of a path is told as such', () => {
  const all = ['01-first', '03-third', '04-fourth', '05-fifth'].map(passed)
  expect(inHand(workbook(TAKEN, ...all))).toEqual([
    '05-fifth',
    'No exercise was named, so this is about 05-fifth: all on the path "two hours" are passed, and it is the last one.',
  ])
})

test('what comes next lies on the path, and in the book when the journal cannot be read', () => {
  const root = workbook(TAKEN)
  const next = () => nextForLearner(root, listExercises(root)[0] as never)?.name
  expect(next()).toBe('03-third')
  const { file } = learnerJournal(root)
  rmSync(file)
  mkdirSync(file)
  expect(next()).toBe('02-second')
  rmSync(file, { recursive: true })
  writeFileSync(file, 'torn')
  expect(next()).toBe('02-second')
})
