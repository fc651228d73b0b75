import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DiffLine, diffLines, diffReport } from '../../report/diff.ts'

const look = { colour: false, width: 80, ticks: true }
const names = { before: 'the stub', after: 'yours' }
const textOf = (lines: readonly DiffLine[], without: 'old' | 'new') =>
  lines.filter(({ kind }) => kind !== without).map(({ text }) => text)
const changes = (lines: readonly DiffLine[]) => lines.filter(({ kind }) => kind !== 'same').length

/** The same question, answered by trying everything. */
function fewestChanges([a, ...older]: readonly string[], [b, ...newer]: readonly string[]): number {
  if (a === undefined || b === undefined)
    return [a, ...older, b, ...newer].filter((one) => one !== undefined).length
  if (a === b) return fewestChanges(older, newer)
  return 1 + Math.min(fewestChanges(older, [b, ...newer]), fewestChanges([a, ...older], newer))
}

describe('two texts', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'x y'), { maxLength: 6 })

  test('are both in the lines, in their order and with their numbers', () => {
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        const found = diffLines(old.join('\n'), now.join('\n'))
        expect(textOf(found, 'new')).toEqual(old)
        expect(textOf(found, 'old')).toEqual(now)
        for (const { kind, number, text } of found)
          expect((kind === 'old' ? old : now)[number - 1]).toBe(text)
      }),
    )
  })

  test('differ in as few lines as can be', () => {
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        expect(changes(diffLines(old.join('\n'), now.join('\n')))).toBe(fewestChanges(old, now))
      }),
    )
  })

  test('line ends and a byte order mark are no difference', () => {
    expect(changes(diffLines('\uFEFFa\r\nb\r\n', 'a\nb'))).toBe(0)
  })

  test('that are far too long are shown one after the other', () => {
    const [old, now] = ['a', 'b'].map((name) => Array.from({ length: 3000 }, (_, n) => name + n).join('\n'))
    const kinds = diffLines(`first\n${old}`, `first\n${now}`).map(({ kind }) => kind)
    expect(kinds).toEqual(['same', ...Array(3000).fill('old'), ...Array(3000).fill('new')])
  })
})

describe('on a terminal', () => {
  const numbered = Array.from({ length: 20 }, (_, n) => `line ${n + 1}`)

  test('what differs is shown with three lines around it', () => {
    const now = [...numbered]
    now[4] = 'another'
    now.splice(17, 0, 'more')
    expect(diffReport(numbered.join('\n'), now.join('\n'), names, look)).toEqual([
      '  - the stub',
      '  + yours',
      '',
      '   2   line 2',
      '   3   line 3',
      '   4   line 4',
      '   5 - line 5',
      '   5 + another',
      '   6   line 6',
      '   7   line 7',
      '   8   line 8',
      '  ...',
      '  15   line 15',
      '  16   line 16',
      '  17   line 17',
      '  18 + more',
      '  19   line 18',
      '  20   line 19',
      '  21   line 20',
    ])
  })

  test('comments of the stub that the solution does without are left out', () => {
    const stub = ['/** What it is. */', 'let a', '// TODO']
    const own = ['/** What it is. */', 'let a', '// TODO', '// mine']
    expect(diffReport(own.join('\n'), 'let a', names, look, stub.join('\n')).slice(3)).toEqual([
      '  1   let a',
      '  4 - // mine',
    ])
  })

  test('nothing that differs is said', () => {
    expect(diffReport('a\n', 'a\r\n', names, look).at(-1)).toBe('  No line differs.')
  })

  test('colours are added, and nothing in the text moves the cursor', () => {
    const [, , , old, now] = diffReport('a', '\u001b[2Jb', names, { ...look, colour: true })
    expect(old).toBe('  \u001b[31m1 - a\u001b[39m')
    expect(now).toBe('  \u001b[32m1 + b\u001b[39m')
  })
})
