import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { median } from '../median.ts'
import { spawnPlan } from './spawn-plan.ts'

/** A whole command to time: what it is called, and how it is started. */
export interface Subject {
  name: string
  command: string[]
  cwd: string
}

/** Seconds of every run of one subject. */
export interface Timing {
  name: string
  seconds: number[]
}

/** Times whole commands in turn (A B C A B C ...), after one round that does not count, so that drift hits all alike. */
export async function timeInTurn(
  subjects: Subject[],
  runs: number,
  onRun: (name: string) => void,
): Promise<Timing[]> {
  const timings = subjects.map(({ name }): Timing => ({ name, seconds: [] }))
  for (let round = 0; round <= runs; round++) {
    for (const [index, subject] of subjects.entries()) {
      onRun(subject.name)
      const seconds = await timeOnce(subject)
      if (round > 0) timings[index]?.seconds.push(seconds)
    }
  }
  return timings
}

function timeOnce({ command, cwd, name }: Subject): Promise<number> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const plan = spawnPlan(process.platform, program, args)
    const child = spawn(plan.program, plan.args, { cwd, stdio: 'ignore', shell: plan.shell })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code !== 0) reject(new Error(`${name} ended with exit code ${code}`))
      else resolve((performance.now() - startedAt) / 1000)
    })
  })
}

/** A folder with one empty vitest test that uses the workbook's own packages: the anchor of every ratio. */
export function emptyVitestProject(root: string): { folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'workbook-bench-'))
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  mkdirSync(path.join(folder, 'test'))
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  writeFileSync(
    path.join(folder, 'test', 'empty.test.ts'),
    "import { test } from 'vitest'\ntest('empty', () => {})\n",
  )
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A table of medians; the ratio is the median of the ratios to `anchor`, round by round. */
export function benchTable(timings: Timing[], anchor: Timing): string[] {
  const width = Math.max(...timings.map(({ name }) => name.length))
  return timings.map(({ name, seconds }) => {
    const ratio = median(seconds.map((value, round) => value / (anchor.seconds[round] as number)))
    const range = `${Math.min(...seconds).toFixed(2)} - ${Math.max(...seconds).toFixed(2)} s`
    return `${name.padEnd(width)}  ${median(seconds).toFixed(2)} s  (${range})  ratio ${ratio.toFixed(2)}`
  })
}
