import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Exercise, findExercise, listExercises } from '../../../exercise/find.ts'
import { mistakeHints } from '../../../exercise/hints.ts'
import { lintHints } from '../../../verify/lint/hints.ts'
import { lintLeaks } from '../../../verify/lint/leaks.ts'

const SENTENCE = 'A record without a key may go to any partition: one order gets scattered.'
const TIERS = '# Hints for 03\n\n## Nudge\n\nOne.\n\n## Pointer\n\nTwo.\n\n## Near-solution\n\nThree.\n'

let root: string
let exercise: Exercise
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'hints '))
  write('exercises/03-produce-event/produce-event.check.ts', `mistake('null-key', seen, '${SENTENCE}')\n`)
  write('solutions/03-produce-event/produce-event.ts', 'const key = encode(event.orderId, event)\n')
  write('solutions/03-produce-event/mistakes/null-key.ts', '')
  write('solutions/03-produce-event/mistakes/seconds.ts', '')
  exercise = findExercise(listExercises(root), '03')
})
afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

function write(name: string, text: string): void {
  const file = path.join(root, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}

const about = (id: string, text: string) => `\n## When the verdict says ${id}\n\n${text}\n`
const BOTH = about('null-key', 'Look at the key.') + about('seconds', 'In which\nunit?')

function problems(text: string): string[] {
  write('exercises/03-produce-event/hints.md', text)
  return lintHints(exercise, root).map((one) => one.replace('exercises/03-produce-event/hints.md:', ''))
}

describe('hints', () => {
  test.each([
    ['three tiers alone are enough', TIERS, []],
    ['a hint for each mistake', TIERS + BOTH, []],
    ['with line ends of Windows', (TIERS + BOTH).replaceAll('\n', '\r\n'), []],
    [
      'one without the other',
      TIERS + about('seconds', 'Look.'),
      ['1 there is no hint for the mistake "null-key"'],
    ],
    [
      'about a mistake that there is not',
      TIERS + BOTH + about('acks-2', 'x'),
      ['24 there is no mistake "acks-2"'],
    ],
    ['two about one', TIERS + BOTH + about('seconds', 'x'), ['24 the mistake "seconds" has two hints']],
    [
      'before the tiers',
      BOTH + TIERS,
      expect.arrayContaining([expect.stringMatching(/^1 sections should begin/)]),
    ],
    [
      'a section of another name',
      `${TIERS}${BOTH}\n## Else\n\nx\n`,
      [expect.stringMatching(/^24 "Else" is neither/)],
    ],
    ['an empty one', TIERS + about('null-key', '') + about('seconds', 'x'), ['15 the hint is empty']],
    [
      'too long',
      TIERS + BOTH.replace('unit?', 'word '.repeat(90)),
      ['19 the hint has more than 400 characters'],
    ],
    ['code', TIERS + BOTH.replace('unit?', 'x\n```\ny\n```'), ['19 the hint shows code']],
    [
      'the sentence of the verdict',
      TIERS + BOTH.replace('Look at the key.', SENTENCE.replace(' key ', '\nkey ')),
      ['15 repeats the sentence of the verdict, which is already shown'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  test('a hint that gives away a line of the solution', () => {
    write(
      'exercises/03-produce-event/hints.md',
      TIERS + BOTH.replace('unit?', 'const key = encode(event.orderId, event)'),
    )
    expect(lintLeaks(exercise, root)).toEqual([expect.stringContaining('hints.md:22 gives away a line')])
  })

  test('are read by the id of their mistake', () => {
    write('exercises/03-produce-event/hints.md', TIERS + BOTH)
    expect([...mistakeHints(exercise)]).toEqual([
      ['null-key', 'Look at the key.'],
      ['seconds', 'In which\nunit?'],
    ])
  })
})
