import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readQuiz } from '../../quiz/read-quiz.ts'
import { FILES } from './shipped.ts'

const JUNK = [
  '```',
  '<details>',
  '<b>',
  '> ',
  '- [x] ',
  '- [ ]',
  '| a |',
  '-->',
  '<!-- q id=a -->',
  '## ',
  '\u001B[2J',
  '&#27;',
  '\t',
  '±',
  '',
]

interface Change {
  at: number
  kind: 'drop' | 'twice' | 'junk' | 'cut' | 'indent'
  junk: string
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(10_000),
  kind: fc.constantFrom('drop', 'twice', 'junk', 'cut', 'indent'),
  junk: fc.constantFrom(...JUNK),
})

function changed(lines: readonly string[], { at, kind, junk }: Change): string[] {
  const place = at % lines.length
  const line = lines[place] as string
  const instead = {
    drop: [],
    twice: [line, line],
    junk: [junk, line],
    cut: [line.slice(0, at % (line.length + 1)) + junk],
    indent: [`  ${line}`],
  }[kind]
  return [...lines.slice(0, place), ...instead, ...lines.slice(place + 1)]
}

test.each(FILES)(
  '$quiz.id, damaged: it is read or told where it is wrong, and no question goes in silence',
  (one) => {
    const lines = readFileSync(one.file, 'utf8').split('\n')
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const source = changes.reduce<string[]>(changed, lines)
        const { quiz, problems } = readQuiz(source.join('\n'), path.basename(one.file, '.md'))
        for (const { line, rule, message } of problems) {
          expect(line, rule).toBeGreaterThanOrEqual(1)
          expect(line, rule).toBeLessThanOrEqual(source.length)
          expect(message).not.toBe('')
        }
        if (problems.length > 0) return
        const kept = new Set(quiz.questions.map(({ id }) => id))
        const headed = new Set(source.flatMap((line) => /^<!-- q id=([\w-]+)/.exec(line)?.[1] ?? []))
        const lost = one.quiz.questions.filter(({ id }) => headed.has(id) && !kept.has(id))
        expect(lost.map(({ id }) => id)).toEqual([])
      }),
      { numRuns: 40 },
    )
  },
)
