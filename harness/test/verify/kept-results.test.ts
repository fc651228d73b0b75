import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ExerciseResult } from '../../result.ts'
import { keepResults, readKeptResults } from '../../verify/kept-results.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kept results '))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('results come back as they were kept', () => {
  const file = path.join(folder, 'embedded.json')
  const kept = { seed: 7, results: { '03-produce-event null-key': { verdict: 'failed' } as ExerciseResult } }
  keepResults(file, kept)
  expect(readKeptResults(file)).toEqual(kept)
})

test.each(['', '{', 'null', '[]', '{"seed":1}', '{"results":{}}', '{"seed":"1","results":{}}'])(
  'a file that holds %j is told by its name, with the way to mend it',
  (text) => {
    const file = path.join(folder, 'broken.json')
    writeFileSync(file, text)
    expect(() => readKeptResults(file)).toThrow('broken.json holds no results of verify.')
  },
)
