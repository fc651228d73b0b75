import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Grades } from '../../grade/grades.ts'
import { BENCH_EXERCISES } from './class-table.ts'
import type { Made } from './make-class.ts'

/** One run of `grade`, as a whole command. */
export interface GradeRun {
  seconds: number
  /** The most that the command and all its processes held at one time; null where there is no /proc. */
  peakBytes: number | null
  /** By a signal, before its end. */
  killed: boolean
}

const SEED = '4711'
const SAMPLE_MS = 100
const PAGE_BYTES = 4096

/** Whole commands that grade the class in `desk/class`, one at a time. */
export interface Grader {
  /** Into `desk/OUTPUT`; with `killAfterMs`, only so long. Rejects when the command fails, or after `end`. */
  grade(output: string, options?: { more?: string[]; killAfterMs?: number }): Promise<GradeRun>
  /** Ends the command at work, and lets none come after it; resolves when it is gone. */
  end(): Promise<void>
}

export function openGrader(root: string, desk: string): Grader {
  const launcher = path.join(root, 'harness', 'bin', 'workbook.mjs')
  const only = BENCH_EXERCISES.map((name) => name.slice(0, 2)).join()
  let atWork: ChildProcess | null = null
  let ended = false
  return {
    async grade(output, { more = [], killAfterMs } = {}) {
      if (ended) throw new Error('No class is graded any more.')
      const argv = ['grade', 'class', '--exercise', only, '--output', output, '--seed', SEED, ...more]
      const child = spawn(process.execPath, [launcher, ...argv], { cwd: desk, stdio: 'ignore' })
      atWork = child
      const { code, ...run } = await measured(child, killAfterMs)
      if (code === 2) throw new Error(`grade ${argv.join(' ')} ended with exit code 2`)
      return run
    },
    async end() {
      ended = true
      if (atWork === null || atWork.exitCode !== null || atWork.signalCode !== null) return
      const gone = once(atWork, 'exit')
      atWork.kill('SIGTERM')
      await gone
    },
  }
}

function measured(
  child: ChildProcess,
  killAfterMs: number | undefined,
): Promise<GradeRun & { code: number | null }> {
  const startedAt = performance.now()
  let peak = 0
  const sampling = setInterval(() => {
    peak = Math.max(peak, heldBy(child))
  }, SAMPLE_MS)
  const killing = killAfterMs && setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearInterval(sampling)
      if (killing) clearTimeout(killing)
      const seconds = (performance.now() - startedAt) / 1000
      resolve({ seconds, peakBytes: peak > 0 ? peak : null, killed: signal !== null, code })
    })
  })
}

/** Bytes of memory of a process and of all that it has started, directly or not. */
function heldBy({ pid }: ChildProcess): number {
  if (process.platform !== 'linux' || pid === undefined) return 0
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    // The name of the program, in brackets, may hold anything; the parent is the second field after it.
    const parent = Number(/\) \S (\d+) /.exec(readProc(name, 'stat'))?.[1])
    if (parent) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const held = (one: number): number => {
    const pages = Number(readProc(String(one), 'statm').split(' ')[1]) || 0
    return pages * PAGE_BYTES + (children.get(one) ?? []).reduce((sum, child) => sum + held(child), 0)
  }
  return held(pid)
}

/** Empty for what is no process, or is none any more. */
function readProc(pid: string, name: string): string {
  if (!/^\d+$/.test(pid)) return ''
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

export function readGradesOf(desk: string, output: string): Grades {
  return JSON.parse(readFileSync(path.join(desk, output, 'grades.json'), 'utf8')) as Grades
}

/** Where marks are not those of the table, a line for each student. */
export function wrongMarks(made: readonly Made[], { students }: Grades): string[] {
  const shown = (marks: readonly (number | null)[]) => marks.map((mark) => mark ?? 'by hand').join(' ')
  return made.flatMap(({ id, marks }) => {
    const found = students.find((student) => student.id === id)
    const got = found?.answers.map((answer) => (answer.status === 'by hand' ? null : answer.points))
    const [is, expected] = [got ? shown(got) : 'nothing', shown(marks)]
    return is === expected ? [] : [`${id}: ${is}, and the table says ${expected}`]
  })
}
