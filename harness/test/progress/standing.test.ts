import { expect, test } from 'vitest'
import type { LearnerEntry } from '../../progress/learner.ts'
import { standingLines, standingOf } from '../../progress/standing.ts'
import { minutesSpent } from '../../progress/time-spent.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString()
const judged = (
  minute: number,
  exercise: string,
  hash: string,
  verdict: 'passed' | 'failed',
  ...mistakes: string[]
): LearnerEntry => ({ kind: 'judged', at: at(minute), exercise, hash, verdict, mistakes, durationMs: 900 })

const ENTRIES: LearnerEntry[] = [
  judged(0, '01-first', 'a1', 'failed', 'first-idea'),
  judged(6, '01-first', 'a2', 'passed'),
  { kind: 'hinted', at: at(14), exercise: '02-second', hint: 'Nudge' },
  judged(34, '02-second', 'b1', 'failed', 'null-key'),
  judged(90, '02-second', 'b2', 'failed', 'key-is-user'),
  { kind: 'swapped', at: at(92), exercise: '03-third', to: 'solution', hash: 'c1', from: 'c0' },
]
const QUIZ = { questions: 50, right: 12, due: 3 }
const standing = standingOf(['01-first', '02-second', '03-third', '04-fourth'], ENTRIES, QUIZ)

test('the time between two entries is that of the later one’s exercise, but for pauses', () => {
  expect([...minutesSpent(ENTRIES)]).toEqual([
    ['01-first', 6],
    ['02-second', 28],
    ['03-third', 2],
  ])
})

test('to take a path is no work on an exercise', () => {
  const taken: LearnerEntry = { kind: 'path', at: at(3), path: 'two hours' }
  expect(minutesSpent([...ENTRIES.slice(0, 1), taken, ...ENTRIES.slice(1)])).toEqual(minutesSpent(ENTRIES))
})

test('a time that cannot be read counts nothing', () => {
  const odd = [{ ...judged(0, '01-first', 'a1', 'failed'), at: 'yesterday' }]
  expect(minutesSpent([...ENTRIES.slice(0, 1), ...odd, ...ENTRIES.slice(1, 2)]).get('01-first')).toBe(6)
})

test('everything is added up', () => {
  const { exercises, ...sums } = standing
  expect(sums).toEqual({
    passed: 1,
    of: 4,
    attempts: 4,
    minutes: 36,
    mistakesMade: 3,
    mistakesMended: 1,
    quiz: QUIZ,
  })
  expect(exercises.map(({ exercise }) => exercise)).toEqual(['01-first', '02-second', '03-third'])
})

test('as lines, the words alone say it', () => {
  expect(standingLines(standing, { colour: false, width: 100, ticks: true })).toEqual([
    '',
    '  passed    1 of 4  █░░░',
    '  attempts  4, each text counted once',
    '  time      36 min, without pauses of more than 20 min and what came before a first verdict',
    '  mistakes  3 made, 1 of them mended',
    '  quiz      12 of 50 questions right, 3 due again:  npm run quiz -- --review',
    '',
    '  01-first   passed         2 attempts     6 min',
    '             first-idea, mended',
    '  02-second  failed         2 attempts    28 min',
    '             key-is-user',
    '             null-key',
    '  03-third   solution       0 attempts     2 min',
    '',
  ])
})

test('without ticks there is no bar, and nothing begun is no table', () => {
  const empty = standingOf(['01-first'], [], { questions: 0, right: 0, due: 0 })
  expect(standingLines(empty, { colour: false, width: 100, ticks: false }).slice(1, 2)).toEqual([
    '  passed    0 of 1',
  ])
  expect(standingLines(empty, { colour: false, width: 100, ticks: false })).toHaveLength(7)
})
