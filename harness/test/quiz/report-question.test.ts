import { describe, expect, test } from 'vitest'
import { parseMarkdown } from '../../markdown/parse.ts'
import { versionOf } from '../../quiz/answers.ts'
import type { Given } from '../../quiz/grade.ts'
import { questionReport } from '../../quiz/report-question.ts'
import { choiceQuestion, pick, questionOf, quizOf } from './stats/class-of-learners.ts'

const quiz = quizOf('keys', [
  choiceQuestion('a').replace('Title of a', 'What is `__consumer_offsets` < 3?'),
  '\n## O\n<!-- q id=o type=order -->\n\nOrder.\n\n1. one\n2. two\n3. three\n',
  '\n## M\n<!-- q id=m -->\n\nMatch.\n\n| Item | Match |\n| --- | --- |\n| x | 1 |\n| y | 2 |\n| | 3 |\n',
  '\n## T\n<!-- q id=t type=text -->\n\nType.\n\n| Answer | Credit | Feedback |\n| --- | --- | --- |\n| `x` | 100% | Yes. |\n',
])

function report(id: string, given: Given | null, note = 'It is unclear.') {
  return questionReport({ quiz, question: questionOf(quiz, id), seed: 7, given, note })
}

/** The fences of a report, as GitHub reads them. */
function fences(markdown: string) {
  const { blocks, problems } = parseMarkdown(markdown)
  expect(problems).toEqual([])
  return blocks.flatMap((block) => (block.kind === 'code' ? { info: block.info, text: block.text } : []))
}

describe('the report of a question', () => {
  test('has all of it, as it stands in an issue', () => {
    const given = pick(quiz, 'a', 'wrong') as { kind: 'single'; option: string }
    expect(report('a', given).split('\n')).toEqual([
      '# Question a: What is \\_\\_consumer\\_offsets \\< 3?',
      '',
      '> It is unclear.',
      '',
      'The answer, worth 0 %:',
      '',
      '```text',
      'wrong',
      '```',
      '',
      'To reproduce it:',
      '',
      '```json',
      '{',
      '  "quiz": "keys",',
      '  "question": "a",',
      `  "version": "${versionOf(questionOf(quiz, 'a'))}",`,
      '  "seed": 7,',
      '  "given": {',
      '    "kind": "single",',
      `    "option": "${given.option}"`,
      '  },',
      '  "credit": 0',
      '}',
      '```',
      '',
    ])
  })

  test.each<[string, Given, string]>([
    ['o', { kind: 'order', order: [1, 0, 2] }, '1. two\n2. one\n3. three'],
    ['m', { kind: 'match', matches: [2, null] }, 'x: 3\ny: (none)'],
    ['t', { kind: 'typed', text: 'a line' }, 'a line'],
    ['a', { kind: 'single', option: null }, '(nothing)'],
  ])('an answer to %s is told in words', (id, given, words) => {
    const [answer, facts] = fences(report(id, given))
    expect(answer).toEqual({ info: 'text', text: words })
    expect(JSON.parse(facts?.text ?? '')).toMatchObject({ question: id, given })
  })

  test('nothing that was typed gets out of its place', () => {
    const text = '```\n# out\n````\u001b[2J'
    const markdown = report('t', { kind: 'typed', text }, '```\nopen <!--\r\n# Heading\u001b[2J')
    const blocks = parseMarkdown(markdown).blocks
    expect(blocks.map(({ kind }) => kind)).toEqual([
      'heading',
      'quote',
      'paragraph',
      'code',
      'paragraph',
      'code',
    ])
    expect(blocks[3]).toMatchObject({ text: '```\n# out\n````' })
    expect(markdown).not.toContain('\u001b')
  })

  test('it needs neither an answer nor a note', () => {
    const markdown = report('a', null, ' \n')
    expect(markdown).toContain('> (no note)')
    expect(fences(markdown)).toHaveLength(1)
    expect(markdown).toContain('"given": null')
  })
})
