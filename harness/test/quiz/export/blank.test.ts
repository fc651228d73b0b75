import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Block, type Inline, plainText } from '../../../markdown/content.ts'
import { parseMarkdown } from '../../../markdown/parse.ts'
import { toBlank } from '../../../quiz/export/blank.ts'
import type { Question } from '../../../quiz/question.ts'
import { readQuiz } from '../../../quiz/read-quiz.ts'
import { sample, sampleQuiz, shippedFiles } from './sample.ts'

const files = shippedFiles.map((file) => ({
  id: path.basename(file, '.md'),
  source: readFileSync(file, 'utf8'),
}))

/** All that is said after an answer. */
function saidAfterwards(question: Question): string[] {
  const feedback: (Block | Inline[])[] =
    'options' in question
      ? question.options.flatMap((option) => option.feedback)
      : 'rows' in question
        ? question.rows.map((row) => row.feedback)
        : []
  const source = question.source ? [`Source: ${plainText(question.source)}`] : []
  return [...[...feedback, ...question.explanation].map(words), ...source].filter((text) => text !== '')
}

function words(of: Block | Inline[]): string {
  if (Array.isArray(of)) return spaced(plainText(of))
  return of.kind === 'paragraph' ? spaced(plainText(of.of)) : of.kind === 'code' ? spaced(of.text) : ''
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** The words of a whole file as a reader sees them, comments left out. */
function wordsOf(blocks: readonly Block[]): string {
  const texts = blocks.map((block): string => {
    if (block.kind === 'list') return block.items.map(({ of }) => wordsOf(of)).join('\n')
    if (block.kind === 'quote') return wordsOf(block.of)
    if (block.kind === 'table') return block.rows.flatMap((row) => row.map(({ of }) => words(of))).join('\n')
    return block.kind === 'heading' ? words(block.of) : words(block)
  })
  return texts.join('\n')
}

describe('a blank copy', () => {
  test.each([{ id: 'sample', source: sample }, ...files])('of $id keeps no key', ({ id, source }) => {
    const { quiz } = readQuiz(source, id)
    expect(quiz.questions.length).toBeGreaterThan(0)
    const copy = toBlank(source, id, 7)
    const { blocks, problems } = parseMarkdown(copy)
    expect(problems).toEqual([])
    const readable = wordsOf(blocks)
    for (const question of quiz.questions) {
      for (const said of saidAfterwards(question)) expect(readable).not.toContain(said)
      if ('rows' in question) {
        for (const { wanted } of question.rows) expect(copy).not.toContain(`| \`${wanted}\` |`)
      }
      if (question.kind === 'output' && question.output.includes('\n'))
        expect(copy).not.toContain(question.output)
    }
    expect(copy).not.toMatch(/^- \[[xX]\]|<details>|\[!NOTE\]|^```ts key|\| Credit \|/m)
    expect(copy.match(/<!-- (?!quiz\n|q id=[\w-]+ -->)/g) ?? []).toHaveLength(id === 'sample' ? 2 : 0)
  })

  test('keeps titles, stems, hints, options and code as they were written', () => {
    const copy = toBlank(sample, 'sample', 7)
    const { blocks } = parseMarkdown(copy)
    const titles = blocks.flatMap((one) => (one.kind === 'heading' ? plainText(one.of) : []))
    expect(titles).toEqual(['Odd & ends: {a} = b', ...sampleQuiz().questions.map(({ title }) => title)])
    expect(copy).toContain("const a = { b: '<!-- stays -->' } // -> ~\n\nif (a.b === 'C:\\\\new') print()")
    expect(copy).toContain('> [!TIP]\n> Look at the *braces*.')
    expect(copy).toContain('- [ ] [x] is no box: 50 % = half\n')
    expect(copy).toContain("- [ ] `{ right: '<!-- kept -->' }`\n")
    expect(copy).toContain('  more(code)')
    expect(copy).toContain('________________ MB/s')
    expect(copy).not.toMatch(/secret|7777|5555|50%|SECRET/)
  })

  test('shuffles by its seed what is to be put in order or matched', () => {
    const copies = [1, 2, 3, 4].map((seed) => toBlank(sample, 'sample', seed))
    expect(toBlank(sample, 'sample', 1)).toBe(copies[0])
    expect(new Set(copies).size).toBeGreaterThan(1)
    for (const copy of copies) {
      expect(copy).not.toMatch(/alpha `a`\n- beta\n- gamma\n {3}and more\n- delta\n- epsilon/)
      for (const item of ['alpha `a`', 'beta', 'gamma\n   and more', 'delta', 'epsilon']) {
        expect(copy).toContain(`\n- ${item}\n`)
      }
      expect(copy).toContain('| item -> one | |\n| item two | |\n| item three | |')
      for (const match of ['`a | b`', 'match = two', 'match three', 'too many']) {
        expect(copy).toMatch(new RegExp(`^- \\*\\*[A-D]\\*\\*: ${match.replace('|', '\\|')}$`, 'm'))
      }
    }
  })

  test('is the same for a file with a byte order mark and carriage returns', () => {
    const windows = `\uFEFF${sample.replaceAll('\n', '\r\n')}`
    expect(toBlank(windows, 'sample', 1)).toBe(toBlank(sample, 'sample', 1))
  })

  test('is refused for a quiz with an error, which might be a key', () => {
    const wrong = sample.replace('- [x] first', '- [x]first')
    expect(() => toBlank(wrong, 'sample', 1)).toThrow(/sample\.md, line \d+/)
  })
})
