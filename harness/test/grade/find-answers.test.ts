import { describe, expect, test } from 'vitest'
import { answerPlace, pickAnswers } from '../../grade/find-answers.ts'
import { EXERCISES } from './shipped-exercises.ts'

const NAME = '03-produce-event'
const file = (path: string, text = 'same', order = 0) => ({ path, bytes: Buffer.from(text), order })
const picked = (...files: ReturnType<typeof file>[]) => pickAnswers(files, EXERCISES).get(NAME)

describe('which exercise a file answers', () => {
  test.each([
    'produce-event.ts',
    'Produce-Event.ts',
    'my work/produce-event.ts',
    'produce-event (1).ts',
    'produce-event-2.ts',
    '03-produce-event/produce-event.ts',
    'repo/exercises/03-produce-event/produce-event.ts',
  ])('%s answers 03', (path) => {
    expect(answerPlace(path, EXERCISES)?.exercise).toBe(NAME)
  })

  test.each([
    'produce-event.js',
    'produce-event.check.ts',
    'produce-event.scenes.ts',
    'my-produce-event.ts',
    '._produce-event.ts',
    'solutions/03-produce-event/produce-event.ts',
    'node_modules/x/produce-event.ts',
    '.git/produce-event.ts',
    '.workbook/attempts/03-produce-event/produce-event.ts',
    '__MACOSX/produce-event.ts',
    '04-produce-batch/produce-event.ts',
  ])('%s answers nothing', (path) => {
    expect(answerPlace(path, EXERCISES)).toBeNull()
  })
})

describe('which of several files is judged', () => {
  test('the one in its own place', () => {
    const own = file('exercises/03-produce-event/produce-event.ts', 'own')
    expect(
      picked(file('produce-event.ts', 'loose'), file('old/03-produce-event/produce-event.ts', 'old'), own),
    ).toEqual({ file: own, problem: null })
  })

  test('the younger one: by the number of Canvas, then by the number of a copy', () => {
    const younger = file('produce-event.ts', 'b', 2)
    expect(picked(file('produce-event-9.ts', 'a', 1), younger)?.file).toBe(younger)
    const second = file('produce-event (2).ts', 'b')
    expect(picked(file('produce-event.ts', 'a'), second, file('produce-event (1).ts', 'c'))?.file).toBe(
      second,
    )
  })

  test('either, when both are the same', () => {
    expect(picked(file('a/produce-event.ts'), file('b/produce-event.ts'))?.problem).toBeNull()
  })

  test('none, when nobody can know: also where only capitals differ', () => {
    for (const [one, other] of [
      ['a/produce-event.ts', 'b/produce-event.ts'],
      ['produce-event.ts', 'Produce-event.ts'],
      ['produce-event.ts', 'produce-event.ts'],
    ])
      expect(picked(file(one as string, 'a'), file(other as string, 'b'))).toEqual({
        file: null,
        problem: `there are different files: ${one} and ${other}`,
      })
  })

  test('nothing is picked for an exercise that nothing was handed in for', () => {
    expect([...pickAnswers([file('produce-event.ts')], EXERCISES).keys()]).toEqual([NAME])
  })
})
