import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { typeErrors } from '../../run/type-errors.ts'
import { ROOT } from '../quiz/shipped.ts'

const base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'type errors ')))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const WRONG = "export const one = 1\n  export const two: number = 'two'\n"

/** A folder with an answer, and with this compiler: the real one, a program, or none. */
function workbook({ compiler }: { compiler: 'real' | string | null }): { root: string; file: string } {
  const root = mkdtempSync(path.join(base, 'root-'))
  const packages = path.join(root, 'node_modules')
  mkdirSync(packages)
  if (compiler === 'real') {
    symlinkSync(path.join(ROOT, 'node_modules', 'typescript'), path.join(packages, 'typescript'), 'junction')
  } else if (compiler !== null) {
    mkdirSync(path.join(packages, 'typescript', 'bin'), { recursive: true })
    writeFileSync(path.join(packages, 'typescript', 'bin', 'tsc'), compiler)
  }
  writeFileSync(path.join(root, 'package.json'), '{ "type": "module" }')
  writeFileSync(path.join(root, 'tsconfig.json'), '{ "compilerOptions": { "lib": ["es2023"], "types": [] } }')
  const file = path.join(root, 'answer.ts')
  writeFileSync(file, WRONG)
  return { root, file }
}

const left = (root: string) => readdirSync(path.join(root, '.workbook', 'build'))

test('an error is told with its line and column', { timeout: 150_000 }, async () => {
  const { root, file } = workbook({ compiler: 'real' })
  expect(await typeErrors(root, file, new AbortController().signal)).toEqual([
    "answer.ts:2:16  TS2322: Type 'string' is not assignable to type 'number'.",
  ])
  expect(left(root)).toEqual([])
})

test('given up it says nothing, and the next question is not harmed', { timeout: 60_000 }, async () => {
  // It would say this in the end, an hour from now.
  const slow = "setTimeout(() => console.log('answer.ts(1,1): error TS1: Late.'), 3_600_000)"
  const { root, file } = workbook({ compiler: slow })
  const asking = new AbortController()
  const first = typeErrors(root, file, asking.signal)
  await expect.poll(() => left(root), { timeout: 20_000 }).toHaveLength(1)
  asking.abort()
  expect(await first).toEqual([])
  expect(left(root)).toEqual([])
})

test.each([
  ['crashes', 'process.abort()'],
  ['talks nonsense', "console.log('answer.ts(1): error'); process.exit(3)"],
  ['is not there', null],
])('a compiler that %s costs nothing', { timeout: 60_000 }, async (_, compiler) => {
  const { root, file } = workbook({ compiler })
  expect(await typeErrors(root, file, new AbortController().signal)).toEqual([])
})
