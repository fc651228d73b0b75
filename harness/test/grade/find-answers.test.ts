import { describe, expect, test } from 'vitest'
import { answerPlace, pickAnswers } from '../../grade/find-answers.ts'
import { EXERCISES } from './shipped-exercises.ts'

const NAME = '03-produce-event'
const file = (path: string, text = 'same') => ({ path, inside: path, bytes: Buffer.from(text) })
const picked = (...files: ReturnType<typeof file>[]) =>
  pickAnswers([{ files, order: 0 }], EXERCISES).get(NAME)

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

  test('the last copy', () => {
    const second = file('produce-event (2).ts', 'b')
    expect(picked(file('produce-event.ts', 'a'), second, file('produce-event (1).ts', 'c'))?.file).toBe(
      second,
    )
  })

  test('of what was handed in at several times, the youngest, wherever it lies', () => {
    const younger = file('produce-event.ts', 'b')
    const older = file(`exercises/${NAME}/produce-event.ts`, 'a')
    const both = [
      { files: [older], order: 1 },
      { files: [younger], order: 2 },
      { files: [file('partition-for-key.ts')], order: 3 },
    ]
    expect(pickAnswers(both, EXERCISES).get(NAME)?.file).toBe(younger)
  })

  test('none, when two things were handed in that nobody can order', () => {
    const own = file(`exercises/${NAME}/produce-event.ts`, 'a')
    const all = (text: string) => [
      { files: [own], order: 0 },
      { files: [file('produce-event.ts', text)], order: 0 },
    ]
    expect(pickAnswers(all('b'), EXERCISES).get(NAME)?.problem).toMatch(/^there are different files: /)
    expect(pickAnswers(all('a'), EXERCISES).get(NAME)?.file).toBe(own)
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
    expect([...pickAnswers([{ files: [file('produce-event.ts')], order: 0 }], EXERCISES).keys()]).toEqual([
      NAME,
    ])
  })
})
