import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { listExercises } from '../../exercise/find.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const MAP = readFileSync(new URL('../../../docs/concept-map.md', import.meta.url), 'utf8')

/** The quizzes by name; `all` is the mix over all of them. */
const QUIZZES = (
  'all events messaging log cluster keys producer consumer groups rebalancing ordering delivery replication ' +
  'retention command-line operations design'
).split(' ')

/** What the course material holds: its concepts, demonstrations, commands and tasks were counted once. */
const CONCEPTS = 132

const rows = [...MAP.matchAll(/^\| (\d+) \| ([\w-]+) \| (.+?) \| (.*?) \| ?(.*?) \|$/gm)].map((found) => {
  const [, number = '', id = '', says = '', exercises = '', quiz = ''] = found
  return { number, id, says, exercises, quiz }
})

test('every concept of the course has one row, in order', () => {
  expect(rows.map(({ number }) => Number(number))).toEqual(
    Array.from({ length: CONCEPTS }, (_, index) => index + 1),
  )
  expect(new Set(rows.map(({ id }) => id)).size).toBe(CONCEPTS)
  expect(new Set(rows.map(({ says }) => says)).size).toBe(CONCEPTS)
})

test.each(rows)('$number $id is in an exercise that is there, in a quiz, or left out for a reason', (row) => {
  const { exercises, quiz } = row
  const numbers = listExercises(ROOT).map(({ number }) => number)
  if (exercises.startsWith('left out: ')) {
    expect(exercises.length).toBeGreaterThan('left out: for a reason'.length)
    expect(quiz).toBe('')
    return
  }
  const named = exercises.split(', ').filter(Boolean)
  expect(named.filter((number) => !numbers.includes(number))).toEqual([])
  if (quiz !== '') expect(QUIZZES).toContain(quiz)
  expect(named.length > 0 || quiz !== '').toBe(true)
})

test('every exercise and every quiz has a concept', () => {
  const named = new Set(rows.flatMap(({ exercises, quiz }) => [...exercises.split(', '), quiz]))
  const all = [...listExercises(ROOT).map(({ number }) => number), ...QUIZZES]
  expect(all.filter((one) => !named.has(one))).toEqual([])
})
