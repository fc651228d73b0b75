import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { mergeGrades } from '../grade/assemble.ts'
import { writeGrades } from '../grade/write-grades.ts'
import { BENCH_EXERCISES, CLASS_TABLE } from '../verify/grade-bench/class-table.ts'
import {
  type GradeRun,
  type Grader,
  openGrader,
  readGradesOf,
  wrongMarks,
} from '../verify/grade-bench/grade-bench.ts'
import { type Made, makeClass } from '../verify/grade-bench/make-class.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'

const KILLS = 3
const PARTS = 4

/**
 * Grades a class that it makes: how long, with how much memory, and whether every mark is that of the table. Unless it is to
 * be short, also killed three times at random, and in four parts: the marks must be the same. Exit code 1 when one is not.
 */
export async function benchGrade({ root, args, screen }: Invocation): Promise<number> {
  const count = args.count('count') ?? CLASS_TABLE.length
  const desk = mkdtempSync(path.join(tmpdir(), 'workbook-class-'))
  const grader = openGrader(root, desk)
  return withCleanUp(
    async () => {
      await grader.end()
      rmSync(desk, { recursive: true, force: true, maxRetries: 3 })
    },
    async () => {
      const made = await makeClass(root, path.join(desk, 'class'), count)
      screen.note(`  ${count} submissions x ${BENCH_EXERCISES.length} exercises`)
      const whole = await grader.grade('whole')
      const wrong = wrongMarks(made, readGradesOf(desk, 'whole'))
      screen.print([...wrong, wholeLine(made, whole, judgedIn(desk)), marksLine(made, wrong)])
      if (args.flag('short')) return wrong.length === 0 ? 0 : 1
      const marks = (output: string) => readFileSync(path.join(desk, output, 'marks.csv'), 'utf8')
      const kills = await killedRun(grader, whole)
      const resumed = marks('killed') === marks('whole')
      screen.print(`killed ${kills} times at random, then resumed: marks ${resumed ? 'equal' : 'DIFFER'}`)
      await inParts(grader, desk)
      const merged = marks('merged') === marks('whole')
      screen.print(`in ${PARTS} parts, merged: marks ${merged ? 'equal' : 'DIFFER'}`)
      return wrong.length === 0 && resumed && merged ? 0 : 1
    },
  )
}

function judgedIn(desk: string): number {
  const { students } = readGradesOf(desk, 'whole')
  return students.flatMap(({ answers }) => answers.filter(({ status }) => status === 'graded')).length
}

function wholeLine(made: readonly Made[], { seconds, peakBytes }: GradeRun, judged: number): string {
  const memory = peakBytes === null ? 'memory not measured' : `peak memory ${Math.round(peakBytes / 1e6)} MB`
  const each = (seconds / judged).toFixed(2)
  return `${made.length} submissions: ${seconds.toFixed(1)} s, ${judged} answers judged, ${each} s each, ${memory}`
}

function marksLine(made: readonly Made[], wrong: readonly string[]): string {
  return `marks as in the table: ${made.length - wrong.length} of ${made.length} submissions`
}

/** Kills it at random moments of what the whole run took, then lets it end; returns how many kills came before the end. */
async function killedRun(grader: Grader, whole: GradeRun): Promise<number> {
  let kills = 0
  for (let n = 0; n < KILLS; n++) {
    const killAfterMs = (0.1 + 0.4 * Math.random()) * whole.seconds * 1000
    const run = await grader.grade('killed', { killAfterMs })
    if (run.killed) kills += 1
  }
  await grader.grade('killed')
  return kills
}

async function inParts(grader: Grader, desk: string): Promise<void> {
  const parts = Array.from({ length: PARTS }, (_, at) => `${at + 1}`)
  for (const part of parts) await grader.grade(`part-${part}`, { more: ['--shard', `${part}/${PARTS}`] })
  writeGrades(path.join(desk, 'merged'), mergeGrades(parts.map((part) => readGradesOf(desk, `part-${part}`))))
}
