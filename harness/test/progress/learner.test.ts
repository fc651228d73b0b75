import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  exerciseInHand,
  type LearnerEntry,
  learnerJournal,
  pathTaken,
  statesOf,
} from '../../progress/learner.ts'
import type { Verdict } from '../../result.ts'

const EXERCISE = '03-produce-event'
let minute = 0
const at = () => new Date(Date.UTC(2026, 2, 2, 10, minute++)).toISOString()

const judged = (hash: string, verdict: Verdict, ...mistakes: string[]): LearnerEntry => ({
  kind: 'judged',
  at: at(),
  exercise: EXERCISE,
  hash,
  verdict,
  mistakes,
  durationMs: 900,
})
const hinted = (hint: string): LearnerEntry => ({ kind: 'hinted', at: at(), exercise: EXERCISE, hint })
const swapped = (to: 'stub' | 'solution' | 'attempt', hash: string, from: string): LearnerEntry => ({
  kind: 'swapped',
  at: at(),
  exercise: EXERCISE,
  to,
  hash,
  from,
})
const stateOf = (...entries: LearnerEntry[]) => statesOf(entries).get(EXERCISE)

describe('the state of an exercise', () => {
  test('there is none without an entry', () => {
    expect(stateOf()).toBeUndefined()
  })

  test('what was passed stays passed, and the last verdict is beside it', () => {
    const pass = judged('a2', 'passed')
    expect(stateOf(judged('a1', 'failed'), pass, judged('a3', 'failed'))).toMatchObject({
      passed: true,
      passedAt: pass.at,
      verdict: 'failed',
      attempts: 3,
    })
  })

  test('the same text again is no other attempt, and an error is none at all', () => {
    const state = stateOf(judged('a1', 'failed'), judged('a1', 'failed'), judged('a2', 'error', 'null-key'))
    expect(state).toMatchObject({ verdict: 'failed', attempts: 1, mistakesMade: [] })
  })

  test('a mistake is mended by passing, and made again by making it again', () => {
    const first = [judged('a1', 'failed', 'null-key', 'key-is-user'), judged('a2', 'not written')]
    expect(stateOf(...first)).toMatchObject({ mistakesMade: ['key-is-user', 'null-key'], mistakesMended: [] })
    const passed = [...first, judged('a3', 'passed')]
    expect(stateOf(...passed)?.mistakesMended).toEqual(['key-is-user', 'null-key'])
    const again = [...passed, judged('a1', 'failed', 'null-key')]
    expect(stateOf(...again)).toMatchObject({
      mistakesMade: ['key-is-user', 'null-key'],
      mistakesMended: ['key-is-user'],
    })
  })

  test('hints are listed once, in the order in which they were asked for', () => {
    expect(stateOf(hinted('Pointer'), hinted('Nudge'), hinted('Pointer'))?.hints).toEqual([
      'Pointer',
      'Nudge',
    ])
  })
})

describe('a solution that was swapped in', () => {
  test('does not count, and is shown as what it is', () => {
    const state = stateOf(judged('a1', 'failed'), swapped('solution', '50', 'a1'), judged('50', 'passed'))
    expect(state).toMatchObject({ passed: false, verdict: 'failed', attempts: 1, holds: 'solution' })
  })

  test('does not count when an undo brings it back, either', () => {
    const undone = [swapped('solution', '50', 'a1'), swapped('attempt', 'a1', '50')]
    expect(stateOf(...undone)).toMatchObject({ holds: 'own', passed: false })
    const back = [...undone, swapped('attempt', '50', 'a1'), judged('50', 'passed')]
    expect(stateOf(...back)).toMatchObject({ holds: 'solution', passed: false })
  })

  test('takes nothing away from who had passed before, and written over it is own again', () => {
    const before = judged('a1', 'passed')
    const swap = swapped('solution', '50', 'a1')
    expect(stateOf(before, swap, judged('50', 'failed'))).toMatchObject({ passed: true, verdict: 'passed' })
    expect(stateOf(before, swap, judged('a2', 'failed'))).toMatchObject({ holds: 'own', verdict: 'failed' })
  })

  test('who wrote the very same text before has passed', () => {
    expect(stateOf(judged('50', 'passed'), swapped('solution', '50', '50'))?.passed).toBe(true)
  })
})

test('lines that another version or a hand wrote are left out', () => {
  const odd = [
    { kind: 'judged', at: at() },
    { kind: 'judged', at: at(), exercise: EXERCISE },
    { kind: 'dreamt', at: at(), exercise: EXERCISE },
    { kind: 'hinted', at: at(), exercise: 3, hint: 'Nudge' },
  ] as unknown as LearnerEntry[]
  expect(statesOf(odd).size).toBe(0)
})

test('a path is of no exercise; the one that was taken last holds', () => {
  const taken = (name: unknown) => ({ kind: 'path', at: at(), path: name }) as LearnerEntry
  const entries = [taken('two hours'), judged('a1', 'failed'), taken('one day')]
  expect([...statesOf(entries).keys()]).toEqual([EXERCISE])
  expect(pathTaken(entries)).toBe('one day')
  expect([pathTaken([]), pathTaken([taken(3)])]).toEqual([null, null])
})

test('the exercise in hand is the first that is not passed, and the last when all are', () => {
  const exercises = ['01-a', '02-b', '03-c'].map((name) => ({ name }))
  const passed = (...names: string[]) =>
    statesOf(names.map((exercise) => ({ ...judged('a1', 'passed'), exercise })))
  expect(exerciseInHand(exercises, statesOf([])).name).toBe('01-a')
  expect(exerciseInHand(exercises, passed('01-a', '03-c')).name).toBe('02-b')
  expect(exerciseInHand(exercises, passed('01-a', '02-b', '03-c')).name).toBe('03-c')
  expect(() => exerciseInHand([], statesOf([]))).toThrow(/no exercise/)
})

test('a kill at any byte of the journal: what can be read is what came before', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'learner-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const entries = [
    judged('a1', 'failed', 'null-key'),
    hinted('Nudge'),
    swapped('solution', '50', 'a1'),
    judged('a2', 'passed'),
  ]
  const journal = learnerJournal(root)
  for (const entry of entries) journal.append(entry)
  const whole = readFileSync(journal.file)
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(journal.file, whole.subarray(0, length))
    const read = journal.read()
    expect(read).toEqual({ entries: entries.slice(0, read.entries.length), setAside: null })
    expect(statesOf(read.entries)).toEqual(statesOf(entries.slice(0, read.entries.length)))
  }
  expect(journal.read().entries).toEqual(entries)
})

test('entries are read by their time, wherever they came from', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'learner-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const [first, second] = [judged('a1', 'failed'), judged('a2', 'passed')]
  learnerJournal(root).append(second, first)
  expect(learnerJournal(root).read().entries).toEqual([first, second])
})
