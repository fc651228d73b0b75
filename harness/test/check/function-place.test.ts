import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { placeOfFunction } from '../../check/function-place.ts'

let folder: string
let file: string

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'workbook-place-'))
  file = path.join(folder, 'answer.ts')
  const lines = [
    'const hidden = () => done(1n)',
    'export class Tracker {',
    '  constructor(start: bigint) {',
    '    done(start)',
    '  }',
    '  done(offset: bigint): void {',
    '  }',
    '  ask = (): bigint | null => {',
    '  }',
    '}',
    'export async function remap(): Promise<void> {}',
    'export interface Doc {',
    '  topics: string[]',
    '}',
    'export const design: Doc = {',
    '  topics: [',
    '  ],',
    '}',
  ]
  writeFileSync(file, lines.join('\n'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['the first exported one', undefined, { line: 2, within: 'Tracker' }],
  ['an exported function', 'remap', { line: 11, within: 'remap' }],
  ['a method, and not a call of it', 'done', { line: 6, within: 'done' }],
  ['a list in a document, and not its type', 'topics', { line: 16 }],
  ['a method that is an arrow function', 'ask', { line: 8, within: 'ask' }],
])('finds %s', (_, name, place) => {
  expect(placeOfFunction(file, name)).toEqual({ file, ...place })
})

test('says nothing about a function that is not exported', () => {
  expect(placeOfFunction(file, 'hidden')).toBeUndefined()
})
