import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyWorkbook, PACKAGES, remove, runTool } from './run-tool.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const { devDependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'))

let root: string
beforeAll(() => {
  // It is for authors, and would install what they need.
  root = copyWorkbook({ packages: [...PACKAGES, ...Object.keys(devDependencies)] })
}, 120_000)
afterAll(() => remove(root))

test('the embedded broker is not measured beside one in a container', async () => {
  const run = await runTool(root, ['bench', 'broker', '--broker', 'container'])
  expect(run).toMatchObject({ code: 2, stdout: '', filesLeft: [], processesLeft: [] })
  expect(run.stderr).toContain('The embedded broker is not measured against "container".\n')
  expect(run.stderr).toContain('Choose jvm')
}, 120_000)

test.runIf(process.platform === 'linux')(
  'a class that is graded ends with its bench',
  async () => {
    const run = await runTool(root, ['bench', 'grade', '--count', '1', '--short'], {
      async during(running) {
        const grades = () => running.processes().some((line) => /\bgrade class\b/.test(line))
        await expect.poll(grades, { timeout: 60_000 }).toBe(true)
        running.kill('SIGTERM')
      },
    })
    expect(run).toMatchObject({ code: 143, stdout: '', filesLeft: [], processesLeft: [] })
  },
  120_000,
)
