import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyWorkbook, remove, runTool } from './run-tool.ts'

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

const CHECK = `import { expect } from 'vitest'
import { checksFor } from '#workbook/check'

const check = checksFor<{ answer: { partitionForKey(key: string, partitions: number): number } }>(import.meta.url)

check('one-partition', 'A topic with one partition has one place for everything', {}, async ({ answer }) => {
  expect(await answer.partitionForKey('any', 1)).toBe(0)
})

check('no-such-place', 'This cannot be', {}, async ({ answer }) => {
  expect(await answer.partitionForKey('any', 1)).toBe(1)
})
`

test('in strict mode an instructor adds checks, which count', async () => {
  const extra = path.join(root, 'my checks', '05-partition-for-key')
  mkdirSync(extra, { recursive: true })
  writeFileSync(path.join(extra, 'secret.check.ts'), CHECK)
  const flags = ['--answer', 'solution', '--strict', '--extra', 'my checks', '--json']
  const { code, stdout, processesLeft, filesLeft } = await runTool(root, ['test', '05', ...flags])
  const [result] = JSON.parse(stdout).results
  const verdictOf = (id: string) =>
    result.checks.find((one: { id: string }) => one.id === `05-partition-for-key/${id}`)?.verdict
  expect([code, result.verdict, result.checks.length]).toEqual([1, 'failed', 11])
  expect([verdictOf('reference-hashes'), verdictOf('one-partition'), verdictOf('no-such-place')]).toEqual([
    'passed',
    'passed',
    'failed',
  ])
  expect([processesLeft, filesLeft]).toEqual([[], []])
})

test.runIf(process.platform !== 'win32')('a link is not a submission', async () => {
  symlinkSync(
    path.join(root, 'solutions', '05-partition-for-key', 'partition-for-key.ts'),
    path.join(root, 'mine.ts'),
  )
  const { code, stderr } = await runTool(root, ['test', '05', '--answer', 'mine.ts', '--strict'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('is not a plain file')])
})

test.each([
  [['--strict', '--container'], '--strict and --container exclude each other.'],
  [['--extra', 'nowhere'], 'There is no folder'],
])('%j is refused', async (flags, words) => {
  const { code, stderr } = await runTool(root, ['test', '05', ...flags])
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
})
