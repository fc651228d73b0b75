import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { copyForBench } from '../../verify/bench-copy.ts'
import { timeQuiz } from '../../verify/bench-quiz.ts'
import { scriptPlan, startInTerminal } from '../../verify/terminal-program.ts'
import { ROOT } from '../quiz/shipped.ts'

const hasScript = process.platform !== 'win32' && spawnSync('script', ['-h']).error === undefined

describe.skipIf(!hasScript)('a program in a terminal of its own', { timeout: 120_000 }, () => {
  test('has a real terminal, sees every key, and what it shows is waited for in order', async () => {
    const program = `
      const { stdin, stdout } = process
      console.log(stdin.isTTY, stdout.isTTY, stdout.columns, stdout.rows, 'ready')
      stdin.setRawMode(true).on('data', (key) => {
        console.log('key ' + key)
        if (String(key) === 'q') process.exit()
      })`
    const terminal = startInTerminal([process.execPath, '-e', program], ROOT)
    onTestFinished(() => terminal.kill())
    const readyAt = await terminal.sees(/^true true 80 24 ready/)
    expect(readyAt).toBeGreaterThan(terminal.startedAt)
    const pressedAt = terminal.press('a')
    expect(await terminal.sees(/key a/)).toBeGreaterThan(pressedAt)
    terminal.press('q')
    await terminal.sees(/key q/)
    await terminal.ended()
    await expect(terminal.sees(/key a/)).rejects.toThrow('The terminal does not show /key a/')
  })

  test('takes the quiz, and is timed', async () => {
    const parts = ['package.json', 'tsconfig.json', 'exercises', 'quizzes', 'harness']
    const copy = copyForBench(ROOT, parts)
    onTestFinished(() => rmSync(copy, { recursive: true, force: true, maxRetries: 3 }))
    const { starts, feedbacks, bare } = await timeQuiz(copy, 1, () => {})
    expect([starts.length, bare.length]).toEqual([1, 1])
    expect(feedbacks.length).toBeGreaterThan(2)
    for (const ms of [...starts, ...feedbacks, ...bare]) expect(ms).toBeGreaterThan(0)
  })
})

test.each([
  ['linux', ['-qfec', "stty cols 80 rows 24 && exec 'node' 'a b' 'it'\\''s'", '/dev/null']],
  ['darwin', ['-q', '/dev/null', '/bin/sh', '-c', "stty cols 80 rows 24 && exec 'node' 'a b' 'it'\\''s'"]],
] as const)('%s: what script is told', (platform, args) => {
  expect(scriptPlan(platform, ['node', 'a b', "it's"])).toEqual(args)
})

test('win32 has no script, and says so', () => {
  expect(() => scriptPlan('win32', ['node'])).toThrow('no "script" on this system')
})
