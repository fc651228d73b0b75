import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type Entry, Journal } from '../../progress/journal.ts'
import { type LearnerEntry, learnerJournal, statesOf } from '../../progress/learner.ts'
import { exportProgress, importProgress } from '../../progress/transfer.ts'

const base = mkdtempSync(path.join(os.tmpdir(), 'transfer-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const newMachine = () => mkdtempSync(path.join(base, 'machine-'))
const textOf = (root: string) => JSON.stringify(exportProgress(root))
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString()
const judged = (minute: number): LearnerEntry => ({
  kind: 'judged',
  at: at(minute),
  exercise: `0${minute % 3}-name`,
  hash: `${minute % 5}`,
  verdict: minute % 4 === 0 ? 'passed' : 'failed',
  mistakes: minute % 2 === 0 ? ['null-key'] : [],
  durationMs: 900,
})
const answered = (minute: number) => ({ kind: 'answer', at: at(minute), question: `q${minute}` })

/** One thing that a learner did at each of these minutes, in this order. */
function machineWith(minutes: readonly number[]): string {
  const root = newMachine()
  for (const minute of minutes) {
    if (minute % 3 === 0) new Journal<Entry>(root, 'quiz').append(answered(minute))
    else learnerJournal(root).append(judged(minute))
  }
  return root
}

test('two machines come to the same, whichever takes from which, and however often', () => {
  const minutes = fc.uniqueArray(fc.nat(40), { maxLength: 8 })
  fc.assert(
    fc.property(minutes, minutes, (one, other) => {
      const [a, b] = [machineWith(one), machineWith(other)]
      importProgress(a, textOf(b))
      importProgress(b, textOf(a))
      expect(textOf(a)).toBe(textOf(b))
      expect(importProgress(a, textOf(b))).toEqual({ learner: 0, quiz: 0 })
      const together = [...new Set([...one, ...other])].sort((x, y) => x - y)
      expect(exportProgress(a).journals.quiz).toEqual(together.filter((n) => n % 3 === 0).map(answered))
      expect(statesOf(learnerJournal(a).read().entries)).toEqual(
        statesOf(together.filter((n) => n % 3 !== 0).map(judged)),
      )
    }),
    { numRuns: 40 },
  )
})

test.each([
  'no JSON',
  'null',
  '{}',
  '{"schemaVersion":2,"journals":{"learner":[],"quiz":[]}}',
  '{"schemaVersion":1,"journals":{"learner":[]}}',
  '{"schemaVersion":1,"journals":{"learner":[null],"quiz":[]}}',
  '{"schemaVersion":1,"journals":{"learner":[{"kind":"judged","at":"today"}],"quiz":[]}}',
  `{"schemaVersion":1,"journals":{"learner":[],"quiz":[{"kind":"answer","at":"${at(1)}"},{"at":"${at(2)}"}]}}`,
])('what is no export is refused, and nothing of it is taken: %s', (text) => {
  const root = machineWith([1, 3])
  const before = textOf(root)
  expect(() => importProgress(root, text)).toThrow(/no progress that the workbook has exported/)
  expect(textOf(root)).toBe(before)
})
