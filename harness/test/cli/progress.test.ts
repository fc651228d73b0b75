import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readArguments } from '../../cli/arguments.ts'
import { run } from '../../cli/progress.ts'
import { ROOT } from '../quiz/shipped.ts'

test('a quiz that cannot be read is told, and the progress is shown without it', async () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'progress-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(path.join(root, 'exercises'))
  mkdirSync(path.join(root, 'quizzes', 'broken.md'), { recursive: true })
  cpSync(path.join(ROOT, 'quizzes', 'keys.md'), path.join(root, 'quizzes', 'keys.md'))
  const said = { printed: [] as string[], noted: [] as string[] }
  const screen = {
    isLive: false,
    look: { colour: false, width: 80, ticks: true },
    print: (lines: string | string[]) => void said.printed.push(...[lines].flat()),
    note: (line: string) => void said.noted.push(line),
    progress() {},
    close() {},
  }
  const args = readArguments([], {}, 'progress', {})
  expect(await run({ root, built: root, cwd: root, args, screen })).toBe(0)
  expect(said.noted).toEqual([expect.stringMatching(/broken\.md cannot be read: EISDIR.*not counted\.$/)])
  expect(said.printed).toContainEqual(expect.stringMatching(/quiz +0 of [1-9]\d* questions right/))
})
