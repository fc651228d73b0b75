import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compile, isFresh } from '../../answer/compile.ts'
import { root } from './stand.ts'

let folder: string
const kafkajs = createRequire(import.meta.url).resolve('kafkajs')

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'compile test-')))
  mkdirSync(path.join(folder, 'out'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(file: string, text: string): string {
  const full = path.join(folder, file)
  mkdirSync(path.dirname(full), { recursive: true })
  writeFileSync(full, text)
  return full
}

function make(answer: string, scenes?: string) {
  const answerFile = write('elsewhere/mine.ts', answer)
  const scenesFile = scenes === undefined ? null : write('03-send/send.scenes.ts', scenes)
  const code = { exercise: '03-send', answerFile, scenesFile }
  return compile(code, { root, outDir: path.join(folder, 'out'), kafkajs, ownFiles: true })
}

test("the answer stands in for the exercise's own file, and its imports work wherever it lies", async () => {
  const compiled = await make(
    `import { Kafka, KafkaJSError, logLevel, Partitioners } from 'kafkajs'
     import { order, type BookEvent } from '#bookstore'
     import { readFileSync } from 'node:fs'
     import type { Stage } from '#workbook/check'
     export const seen = [typeof Kafka, typeof KafkaJSError, logLevel.NOTHING, typeof Partitioners.DefaultPartitioner]
     export const id = (): string => order('ORD-1').orderId + typeof readFileSync`,
    `import { id } from './send.ts'
     export const play = () => id()`,
  )
  if (!('file' in compiled)) throw new Error(JSON.stringify(compiled))
  const bundle = await import(/* @vite-ignore */ pathToFileURL(compiled.file).href)
  expect(bundle.scenes.play()).toBe('ORD-1function')
  expect(bundle.answer.seen).toEqual(['function', 'function', 0, 'function'])

  const { sources } = JSON.parse(readFileSync(`${compiled.file}.map`, 'utf8'))
  expect(sources).toContain(pathToFileURL(path.join(folder, 'elsewhere', 'mine.ts')).href)
  expect(sources).toContain(pathToFileURL(path.join(root, 'exercises', 'bookstore.ts')).href)
})

test.each([
  ['a syntax error', 'export const x = 1\nexport const y = = 2\n', /Unexpected "="/, 2, 18],
  [
    'an unknown package',
    "\nimport lodash from 'lodash'\nconsole.log(lodash)",
    /"lodash" is not there/,
    2,
    20,
  ],
  ['vitest', "import { expect } from 'vitest'\nexpect(1)", /"vitest" is not there/, 1, 24],
  ['values of the checks', "import { mistake } from '#workbook/check'\nmistake()", /only its types/, 1, 25],
  ['a file that is missing', "import { a } from './gone.ts'\na()", /Could not resolve ".\/gone.ts"/, 1, 19],
])('%s is a problem with its place', async (_, answer, text, line, column) => {
  const compiled = await make(answer)
  expect(compiled).toEqual({
    problems: [
      {
        text: expect.stringMatching(text),
        at: { file: path.join(folder, 'elsewhere', 'mine.ts'), line, column },
      },
    ],
  })
})

test('an export that the scenes need and the answer lacks is a problem of the answer', async () => {
  const compiled = await make(
    'export const a = 1',
    "import { send } from './send.ts'\nexport const play = () => send()",
  )
  expect(compiled).toEqual({
    problems: [
      { text: '"send" is not exported', at: { file: path.join(folder, 'elsewhere', 'mine.ts'), line: 1 } },
    ],
  })
})

test('a bundle is fresh until one of its sources changes or is gone', async () => {
  write('elsewhere/part.ts', 'export const part = 1')
  const compiled = await make("export { part } from './part.ts'")
  if (!('file' in compiled)) throw new Error(JSON.stringify(compiled))
  expect(await isFresh(compiled)).toBe(true)
  const part = write('elsewhere/part.ts', 'export const part = 2')
  expect(await isFresh(compiled)).toBe(false)
  rmSync(part)
  expect(await isFresh(compiled)).toBe(false)
})

test.each([
  ['by a relative path', '../03-send/send.scenes.ts'],
  ['by an absolute path', path.join(root, 'exercises', 'bookstore.ts')],
  ['above its folder', '..'],
])('an answer reaches no file of others %s', async (_, wanted) => {
  const compiled = await make(`export * from ${JSON.stringify(wanted)}`, `import './send.ts'`)
  expect(compiled).toMatchObject({ problems: [{ text: expect.stringContaining('is not there') }] })
})

test('an answer may have a second file beside it', async () => {
  write('elsewhere/second.ts', 'export const two = 2')
  expect(await make(`export { two } from './second.ts'`)).toMatchObject({ file: expect.anything() })
})
