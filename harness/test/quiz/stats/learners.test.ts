import { describe, expect, test } from 'vitest'
import { firstAnswers, learnersOf, readLearnerFile } from '../../../quiz/stats/learners.ts'
import { answerTo, choiceQuestion, fileOf, pick, quizOf } from './class-of-learners.ts'

const quiz = quizOf('keys', [choiceQuestion('a'), choiceQuestion('b')])
const right = answerTo(quiz, 'a', pick(quiz, 'a', 'right'))
const later = { ...right, at: '2026-03-03T10:00:00.000Z' }

describe('a file of a learner', () => {
  test('broken lines are counted with their numbers, and lose nothing else', () => {
    const lines = [
      '\uFEFF',
      JSON.stringify(right),
      '{"kind":"answer","at":',
      '',
      'null',
      JSON.stringify(later),
    ]
    const file = readLearnerFile('anna.jsonl', lines.join('\r\n'))
    expect(file).toEqual({ name: 'anna.jsonl', answers: [right, later], brokenLines: [3, 5] })
  })

  test('what is no answer of ours is left alone', () => {
    const lines = [
      { kind: 'run', at: right.at, run: 'x' },
      { kind: 'verdict', at: right.at },
    ]
    expect(readLearnerFile('a', lines.map((one) => JSON.stringify(one)).join('\n'))).toEqual({
      name: 'a',
      answers: [],
      brokenLines: [],
    })
  })

  test.each([
    ['at', 'yesterday'],
    ['question', '\u001b[2Jkeys'],
    ['version', 'x'],
    ['given', { kind: 'multiple', options: 'abc' }],
    ['given', { kind: 'order', order: [0.5] }],
    ['given', null],
    ['credit', 1.5],
    ['credit', '1'],
    ['confidence', 4],
    ['hinted', undefined],
    ['tookMs', -1],
    ['tookMs', null],
  ])('an answer whose %s is %j is a broken line', (field, value) => {
    const file = readLearnerFile('a', JSON.stringify({ ...right, [field]: value }))
    expect(file).toEqual({ name: 'a', answers: [], brokenLines: [1] })
  })

  test.each([
    { kind: 'single', option: null },
    { kind: 'multiple', options: [] },
    { kind: 'order', order: [1, 0] },
    { kind: 'match', matches: [null, 1] },
    { kind: 'typed', text: '' },
  ])('%j is an answer', (given) => {
    expect(readLearnerFile('a', JSON.stringify({ ...right, given })).brokenLines).toEqual([])
  })
})

describe('who is behind the files', () => {
  test('one learner for each file, also when two do the same', () => {
    const learners = learnersOf([fileOf('anna', [right]), fileOf('ben', [right])])
    expect(learners.map(({ files }) => files)).toEqual([['anna.jsonl'], ['ben.jsonl']])
  })

  test('a journal that was handed in twice is of one learner, and each answer counts once', () => {
    const [old, recent] = [
      fileOf('anna', [right]),
      { ...fileOf('anna', [right, later]), name: 'anna-2.jsonl' },
    ]
    for (const files of [
      [old, recent],
      [recent, old],
    ]) {
      const [learner, ...others] = learnersOf(files)
      expect(others).toEqual([])
      expect(learner?.answers.map(({ at }) => at)).toEqual([right.at, later.at])
    }
  })

  test('a file that shares answers with two others joins them', () => {
    const [one, two] = [
      { ...right, run: 'one' },
      { ...later, run: 'two' },
    ]
    const learners = learnersOf([fileOf('x', [one]), fileOf('y', [two]), fileOf('z', [one, two])])
    expect(learners.map(({ files }) => files)).toEqual([['x.jsonl', 'y.jsonl', 'z.jsonl']])
  })

  test('the first answer to a question counts, by time and whatever its version', () => {
    const other = answerTo(quiz, 'b', pick(quiz, 'b', 'wrong'))
    const mended = { ...later, version: '00000000' }
    const [learner] = learnersOf([fileOf('anna', [mended, other, right])])
    expect(firstAnswers(learner as NonNullable<typeof learner>).map(({ version }) => version)).toEqual([
      other.version,
      right.version,
    ])
  })
})
