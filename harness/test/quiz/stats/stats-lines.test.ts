import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { versionOf } from '../../../quiz/answers.ts'
import { type LearnerFile, readLearnerFile } from '../../../quiz/stats/learners.ts'
import { statsOf } from '../../../quiz/stats/stats.ts'
import { statsLines } from '../../../quiz/stats/stats-lines.ts'
import type { Look } from '../../../report/style.ts'
import { answerTo, choiceQuestion, fileOf, pick, questionOf, quizOf } from './class-of-learners.ts'

const WIDE: Look = { colour: false, width: 80, ticks: true }
const IDS = ['growth-targets', 'b', 'c', 'd']
const quiz = quizOf(
  'keys',
  IDS.map((id) => choiceQuestion(id)),
)

/** `count` learners; the first four of them are sure, and wrong in growth-targets and b. */
function learners(count: number): LearnerFile[] {
  return Array.from({ length: count }, (_, index) =>
    fileOf(
      `learner-${index}`,
      IDS.map((id, at) => {
        const isWrong = at < 2 ? index < 4 : index < 6 + at
        const more = { tookMs: 12_300, confidence: index < 4 ? (3 as const) : null }
        return answerTo(quiz, id, pick(quiz, id, isWrong ? 'wrong' : 'right'), more)
      }),
    ),
  )
}

const linesOf = (files: readonly LearnerFile[], look = WIDE) => statsLines(statsOf(files, [quiz]), look)

describe('the statistics in a terminal', () => {
  test('ten learners: a table with the hardest first', () => {
    const lines = linesOf(learners(10))
    const version = versionOf(questionOf(quiz, 'growth-targets'))
    const rows = lines.filter((line) => /^ {2}\S.* \d+ % .* s /.test(line))
    expect(rows.map((row) => row.trim().split(' ')[0])).toEqual(['d', 'c', 'growth-targets', 'b'])
    expect(rows[2]).toBe(`  growth-targets  ${version}  10   60 %  31-83  12 s  0.78`)
    expect(lines.join('\n')).toContain('10 learners, 40 first answers; 0 later ones do not count')
    expect(lines.join('\n')).not.toContain('too few')
  })

  test('nine learners: it says that they are too few, and keeps the order of the quiz', () => {
    const lines = linesOf(learners(9))
    expect(lines).toContain('  Fewer than 10 learners: too few to rank')
    expect(lines).not.toContain('  The hardest first')
    const rows = lines.filter((line) => /^ {2}\S.* \d+ % .* s /.test(line))
    expect(rows.map((row) => row.trim().split(' ')[0])).toEqual(IDS)
    expect(rows.every((row) => row.endsWith(' -'))).toBe(true)
  })

  test('options, mistakes, and errors made with confidence', () => {
    const lines = linesOf(learners(10))
    const version = versionOf(questionOf(quiz, 'b'))
    const at = lines.indexOf(`  b ${version}, n 10`)
    expect(lines.slice(at + 1, at + 4)).toEqual([
      '     60 %  right  right',
      '     40 %  wrong  wrong',
      '    never  wrong  absurd',
    ])
    expect(lines.join('\n')).toContain('9 learners: 06/keys-stay, exercise 06 (growth-targets, b, c, d)')
    expect(lines).toContain(`  4 of 4 who were sure: b ${version}`)
  })

  test('broken lines and files of one learner are told', () => {
    const [first] = learners(1) as [LearnerFile]
    const broken = readLearnerFile('torn.jsonl', Array.from({ length: 7 }, () => '{').join('\n'))
    const lines = linesOf([first, { ...first, name: 'copy.jsonl' }, broken])
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(
      'torn.jsonl: 7 lines could not be read (1, 2, 3, 4, 5, ...), and no answer is in it; a learner has them in .workbook/quiz.jsonl',
    )
    const torn = { ...first, brokenLines: [3] }
    expect(linesOf([torn])).toContain('  learner-0.jsonl: 1 line could not be read (3)')
    expect(lines.join('\n')).toContain('learner-0.jsonl, copy.jsonl: share answers')
    expect(lines.join('\n')).toContain('1 learner, 4 first answers')
  })

  test('a version that no quiz has any more is marked', () => {
    const entry = answerTo(quiz, 'b', pick(quiz, 'b', 'right'), { version: '0123abcd' })
    const lines = linesOf([fileOf('anna', [entry])])
    expect(lines.some((line) => line.startsWith('  b         0123abcd*'))).toBe(true)
    expect(lines).toContain('  *: a version that no quiz has any more.')
    expect(linesOf(learners(2)).join('\n')).not.toContain('*')
  })

  test('colours change nothing else, and no line is wider than a narrow terminal', () => {
    const coloured = linesOf(learners(10), { ...WIDE, colour: true })
    expect(coloured.map((line) => stripVTControlCharacters(line))).toEqual(linesOf(learners(10)))
    expect(coloured).not.toEqual(linesOf(learners(10)))
    const narrow = linesOf(learners(10), { ...WIDE, width: 40 })
    expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(40)
    const version = versionOf(questionOf(quiz, 'growth-targets'))
    const at = narrow.indexOf(`  growth-targets  ${version}`)
    expect(narrow[at + 1]).toBe('    10   60 %  31-83  12 s  0.78')
  })

  test('a name of a file cannot steer the terminal', () => {
    const file = readLearnerFile('\u001b[2Jevil.jsonl', '{')
    expect(linesOf([file]).join('\n')).not.toContain('\u001b')
  })
})
