import { expect, test } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import { listExercises } from '../../exercise/find.ts'
import { exercisesOn, nextOn, PATHS, pathNamed, pathOf, WHOLE_BOOK } from '../../exercise/paths.ts'
import { ROOT } from '../quiz/shipped.ts'

const exercises = listExercises(ROOT)
const exercise = (number: string) => exercises.find((one) => one.number === number) as (typeof exercises)[0]
const twoHours = pathNamed('two-hours')
const took = (path: string, day: string) =>
  ({ kind: 'path', at: `2026-03-${day}T10:00:00.000Z`, path }) as const

test.each(PATHS)('the path $name goes forward through exercises that there are', (path) => {
  const numbers = exercisesOn(path, exercises).map(({ number }) => number)
  expect(numbers).toEqual([...(path.numbers ?? exercises.map((one) => one.number))])
  expect(numbers).toEqual([...new Set(numbers)].sort())
})

test('the next exercise is the next one on the path, also for one that is not on it', () => {
  const next = (number: string) => nextOn(twoHours, exercises, exercise(number))?.number ?? null
  expect(['01', '02', '05', '13', '24'].map(next)).toEqual(['03', '03', '08', null, null])
  expect(nextOn(WHOLE_BOOK, exercises, exercise('13'))?.number).toBe('14')
})

test('the path that was taken last holds; the whole book without one', () => {
  expect(pathOf([])).toBe(WHOLE_BOOK)
  expect(pathOf([took('two hours', '01'), took('one day', '02')]).name).toBe('one day')
  expect(pathOf([took('two hours', '01'), took('whole book', '02')])).toBe(WHOLE_BOOK)
  expect(pathOf([took('a path of another version', '01')])).toBe(WHOLE_BOOK)
})

test('a path that there is not is told, with those that there are', () => {
  expect(() => pathNamed('two days')).toThrow(WorkbookError)
  expect(() => pathNamed('two days')).toThrow('There is no path "two days".')
})
