import { describe, expect, test } from 'vitest'
import { versionOf } from '../../quiz/answers.ts'
import type { Question } from '../../quiz/question.ts'
import { readQuiz } from '../../quiz/read-quiz.ts'
import { QUESTIONS } from './shipped.ts'

const CHOICE = `## A title
<!-- q id=one points=2 objective=thing -->

What *is* it?

> [!TIP]
> Think.

- [x] right
  > Yes.
- [ ] wrong <!-- m=idea -->
  > No.

> [!NOTE]
> Because.
> Source: [here](https://example.org)
`

const NUMBER = `## A number
<!-- q id=one type=numeric unit=ms -->

How long?

| Answer | Credit | Feedback |
| --- | --- | --- |
| \`5\` | 100% | |
| \`7\` | 0% | No. |
`

const OUTPUT = `## An output
<!-- q id=one -->

What?

\`\`\`ts
console.log(1)
\`\`\`

\`\`\`output
1
\`\`\`
`

function only(question: string): Question {
  const { quiz, problems } = readQuiz(
    `# Title\n<!-- quiz\nid: t\nkafka: ">=4.0"\nidea: idea 05\n-->\n\n${question}`,
    't',
  )
  expect(problems).toEqual([])
  return quiz.questions[0] as Question
}

/** The versions of a question before and after a change of its source, which has to change it. */
function versions(source: string, from: string, to: string): string[] {
  const changed = source.replace(from, to)
  expect(changed).not.toBe(source)
  return [versionOf(only(source)), versionOf(only(changed))]
}

describe('the version of a question', () => {
  test.each([
    ['another line', CHOICE, '## A title', '\n\n\n## A title'],
    ['another explanation', CHOICE, 'Because.', 'For a better reason.'],
    ['another source', CHOICE, 'https://example.org', 'https://example.com'],
    ['another hint', CHOICE, 'Think.', 'Think again.'],
    ['another feedback', CHOICE, '> No.', '> No, for it is not.'],
    ['another exercise', CHOICE, 'points=2', 'points=2 exercise=05'],
    ['another objective', CHOICE, 'objective=thing', 'objective=other'],
    ['another spelling of the same marks', CHOICE, '*is*', '_is_'],
    ['another feedback of a row', NUMBER, 'No.', 'No, shorter.'],
    ['another width of a column', NUMBER, '| `5` |', '|   `5`   |'],
    ['an output at another line', OUTPUT, 'What?\n', 'What?\n\n'],
  ])('stays with %s', (_, source, from, to) => {
    const [before, after] = versions(source, from, to)
    expect(after).toBe(before)
  })

  test.each([
    ['another key', CHOICE.replace('- [ ] w', '- [ ] also\n- [ ] w'), '- [ ] also', '- [x] also'],
    ['other words of an option', CHOICE, 'wrong', 'very wrong'],
    ['an option more', CHOICE, '- [ ] wrong', '- [ ] also\n- [ ] wrong'],
    ['another stem', CHOICE, 'What *is*', 'Where *is*'],
    ['another credit', CHOICE, 'm=idea', 'm=idea credit=50%'],
    ['several answers instead of one', CHOICE, 'points=2', 'points=2 type=multiple'],
    ['another number', NUMBER, '`5`', '`6`'],
    ['another tolerance', NUMBER, '`5`', '`5 ± 1`'],
    ['another unit', NUMBER, 'unit=ms', 'unit=s'],
    ['another credit of a row', NUMBER, '0% | No', '50% | No'],
    ['another output', OUTPUT, '```output\n1', '```output\n2'],
    ['another program', OUTPUT, 'log(1)', 'log(0 + 1)'],
  ])('changes with %s', (_, source, from, to) => {
    const [before, after] = versions(source, from, to)
    expect(after).not.toBe(before)
  })

  test('is one for each question of the workbook, of eight hex digits', () => {
    const all = QUESTIONS.map(versionOf)
    expect(new Set(all).size).toBe(QUESTIONS.length)
    expect(all.filter((one) => !/^[0-9a-f]{8}$/.test(one))).toEqual([])
  })

  test('stays as it is: answers on many disks are kept with it', () => {
    expect([CHOICE, NUMBER, OUTPUT].map((source) => versionOf(only(source)))).toMatchInlineSnapshot(`
      [
        "e52e9275",
        "17bbc317",
        "855cd9b2",
      ]
    `)
  })
})
