import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { linkProblems, lintDocuments } from '../../../verify/lint/links.ts'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/[\\/]$/, '')
const README = path.join(ROOT, 'README.md')

test('every link in the documents of the workbook leads somewhere', () => {
  expect(lintDocuments(ROOT)).toEqual([])
})

test.each([
  ['[a](https://kafka.apache.org) [b](#brokers) [c](docs/trust.md#modes) [d](../../codespaces)', []],
  ['\n[a](docs/nothing.md)', ['README.md:2 the link docs/nothing.md leads nowhere']],
  ['[a](http://kafka.apache.org)', ['README.md:1 the link http://kafka.apache.org is not https']],
  ['[a](../codespaces)', ['README.md:1 the link ../codespaces leads nowhere']],
])('%j', (text, problems) => {
  expect(linkProblems(README, text, ROOT)).toEqual(problems)
})
