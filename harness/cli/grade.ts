import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Confinement } from '../answer/confine.ts'
import { WorkbookError } from '../errors.ts'
import { withExtraChecks } from '../exercise/extra-checks.ts'
import { type Exercise, findExercise, isPure, listExercises } from '../exercise/find.ts'
import { type Arrivals, findArrivals } from '../grade/arrivals.ts'
import { gradeStudents, mergeGrades } from '../grade/assemble.ts'
import { diffGrades, diffWays } from '../grade/diff-grades.ts'
import { type Grades, type Shard, totalOf } from '../grade/grades.ts'
import { type HandIn, readHandIn } from '../grade/hand-in.ts'
import { distinctTexts, judgeClass, progressLine } from '../grade/judge-class.ts'
import { JudgedBefore } from '../grade/judged-before.ts'
import { keepSeed, seedBefore } from '../grade/kept-seed.ts'
import { planOf } from '../grade/mark.ts'
import { GRADE_FILES, readGrades, writeGrades } from '../grade/write-grades.ts'
import type { Broker } from '../kafka/broker.ts'
import { startBroker } from '../kafka/start.ts'
import { pathInside } from '../path-inside.ts'
import { plain } from '../report/style.ts'
import { SessionPool } from '../run/session-pool.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'
import { confinementOf, extraChecksOf } from './trust.ts'
import { workbookVersion } from './version.ts'

/** Without a terminal, a line for each of so many parts of the work. */
const NOTES = 10

/** Grades a class, puts parts of one together, or compares two. Exit code 1: something is left for a human. */
export async function run(invocation: Invocation): Promise<number> {
  const { args } = invocation
  const [what, ...rest] = args.positionals
  if (what === 'merge') return merge(invocation, rest)
  if (what === 'diff') return diff(invocation, rest)
  if (what === undefined || rest.length > 0) {
    throw new WorkbookError(
      what === undefined ? 'Which submissions?' : `One folder at a time, not ${args.positionals.length}.`,
      'For instance: npm run grade -- submissions --exercise 03,05',
    )
  }
  return gradeClass(invocation, what)
}

async function gradeClass(invocation: Invocation, given: string): Promise<number> {
  const { root, cwd, args, screen } = invocation
  const mode = confinementOf(args)
  const exercises = chosenExercises(invocation)
  const shard = shardOf(args.text('shard'))
  const folder = path.resolve(cwd, given)
  const output = outputOf(invocation)
  refuseInside(output, folder)
  const seed = seedOf(invocation, output, shard)
  // Before anything runs: an answer that rewrites the checks changes nothing of what there is to reach.
  const plans = exercises.map(planOf)
  const startedAt = new Date()
  const stage = mkdtempSync(path.join(tmpdir(), 'workbook-grade-'))
  return withCleanUp(
    () => rmSync(stage, { recursive: true, force: true, maxRetries: 3 }),
    async () => {
      const arrivals = await findArrivals(folder, stage, exercises)
      const mine = arrivals.submissions.filter((_, at) => !shard || at % shard.of === shard.index - 1)
      const handIns: HandIn[] = []
      for (const one of mine) handIns.push(await readHandIn(one, exercises, { root, stage }))
      screen.print(matchingReport(arrivals, handIns, shard))
      refuseNothing(arrivals, given)
      keepSeed(output, seed)
      const { broker, results } = await judge(invocation, handIns, { mode, seed, output, exercises })
      const grades: Grades = {
        schemaVersion: 1,
        workbook: workbookVersion(root),
        node: process.version,
        broker,
        mode,
        seed,
        startedAt: startedAt.toISOString(),
        durationMs: Date.now() - startedAt.getTime(),
        shard,
        exercises: plans,
        students: gradeStudents(handIns, results, plans),
        notRecognised: arrivals.notRecognised,
      }
      return finish(invocation, output, grades)
    },
  )
}

interface Conditions {
  /** What earlier runs have judged in another mode does not count. */
  mode: Confinement
  seed: number
  output: string
  exercises: readonly Exercise[]
}

/** Judges what was not judged before, in as many sessions as the machine can use, on one broker. */
async function judge(
  { root, built, args, screen }: Invocation,
  handIns: readonly HandIn[],
  { mode, seed, output, exercises }: Conditions,
) {
  const onProgress = (line: string) => screen.note(line)
  const wanted = exercises.every(isPure) ? 'embedded' : (args.text('broker') ?? 'embedded')
  const broker: Broker = await startBroker(wanted, { root, foreign: args.flag('foreign'), onProgress })
  const newPool = () => new SessionPool({ root, built, broker, seed, confinement: mode, onProgress })
  let pool = newPool()
  const texts = distinctTexts(handIns)
  const conditions = {
    workbook: workbookVersion(root),
    broker: `${broker.kind}-${broker.version}`,
    seed,
    mode,
  }
  let noted = 0
  return withCleanUp(
    async () => {
      await pool.close()
      await broker.stop()
    },
    async () => {
      const before = new JudgedBefore(root, output, conditions)
      const open = async (pieces: number) => {
        pool = newPool()
        await pool.open(pieces)
        return pool
      }
      const results = await judgeClass(texts, before, open, (progress) => {
        const line = `  ${progressLine(progress)}`
        screen.progress(line)
        if (process.stderr.isTTY || progress.done < noted) return
        noted = progress.done + Math.ceil(progress.all / NOTES)
        screen.note(line)
      })
      return { results, broker: { kind: broker.kind, version: broker.version } }
    },
  )
}

function finish({ cwd, screen }: Invocation, output: string, grades: Grades): number {
  writeGrades(output, grades)
  const { students, exercises, seed } = grades
  const open = students.filter((student) => totalOf(student) === null)
  const same = students.filter(({ answers }) => answers.some((one) => one.sameTextAs.length > 0))
  screen.print([
    `graded: ${students.length - open.length} of ${students.length} students, ${exercises.length} exercises, seed ${seed}`,
    ...(open.length > 0 ? [`by hand: ${listed(open.map(({ id }) => id))}`] : []),
    ...(same.length > 0
      ? [
          `same text as somebody else (whose, say the notes in marks.csv): ${listed(same.map(({ id }) => id))}`,
        ]
      : []),
    `in ${path.relative(cwd, output) || '.'}: ${GRADE_FILES.join(', ')}`,
  ])
  return open.length > 0 || grades.notRecognised.length > 0 ? 1 : 0
}

function merge(invocation: Invocation, files: string[]): number {
  const parts = files.map((file) => readGrades(path.resolve(invocation.cwd, file)))
  return finish(invocation, outputOf(invocation), mergeGrades(parts))
}

/** Exit code 1 when a mark has changed. What else was different stands first: it may be why. */
function diff({ cwd, screen }: Invocation, files: string[]): number {
  if (files.length !== 2)
    throw new WorkbookError(
      'Two files are compared.',
      'For instance: npm run grade -- diff old/grades.json grades/grades.json',
    )
  const [older, newer] = files.map((file) => readGrades(path.resolve(cwd, file))) as [Grades, Grades]
  const lines = diffGrades(older, newer)
  screen.print([...diffWays(older, newer), ...(lines.length > 0 ? lines : ['no mark has changed'])])
  return lines.length > 0 ? 1 : 0
}

function matchingReport({ submissions, notRecognised }: Arrivals, handIns: HandIn[], shard: Shard | null) {
  const all = submissions.length + notRecognised.length
  const nothing = handIns.filter(({ answers }) => answers.every(({ kind }) => kind !== 'file'))
  const notes = handIns.flatMap(({ submission, problems, notes }) =>
    [...submission.notes, ...problems, ...notes].map((note) => `  ${submission.id}: ${note}`),
  )
  return [
    shard ? `part ${shard.index} of ${shard.of}: ${handIns.length} of ${submissions.length} students` : '',
    `${notRecognised.length} of ${all} not recognised${notRecognised.length > 0 ? ':' : ''}`,
    ...notRecognised.map(({ name, reason }) => `  ${name}: ${reason}`),
    ...(nothing.length > 0 ? [`no answer found in: ${listed(nothing.map((one) => one.submission.id))}`] : []),
    ...notes,
  ]
    .filter((line) => line !== '')
    .map((line) => plain(line))
}

function listed(names: string[]): string {
  const MOST = 20
  const more = names.length > MOST ? `, and ${names.length - MOST} more` : ''
  return `${names.slice(0, MOST).join(', ')}${more}`
}

function chosenExercises({ root, cwd, args }: Invocation): Exercise[] {
  const all = withExtraChecks(listExercises(root), extraChecksOf(args, cwd))
  const wanted = args.text('exercise')
  if (wanted === undefined) return all
  const chosen = new Set(wanted.split(',').map((one) => findExercise(all, one)))
  return all.filter((one) => chosen.has(one))
}

function outputOf({ cwd, args }: Invocation): string {
  return path.resolve(cwd, args.text('output') ?? 'grades')
}

/** A wrong folder does not replace the marks of an earlier run by none. */
function refuseNothing({ submissions }: Arrivals, given: string): void {
  if (submissions.length > 0) return
  throw new WorkbookError(
    `No submission was found in ${given}.`,
    'Give the folder that has a folder, an archive or a file for each student.',
  )
}

/** The next run would take the marks for a submission. */
function refuseInside(output: string, folder: string): void {
  if (pathInside(folder, output) === null) return
  throw new WorkbookError(
    'The marks would lie among the submissions.',
    'Stand somewhere else, or name another folder: --output ../grades',
  )
}

/** Parts of a class need one seed, and a second run into a folder takes that of the first. */
function seedOf({ args }: Invocation, output: string, shard: Shard | null): number {
  const given = args.count('seed')
  if (given !== undefined) return given
  if (shard) throw new WorkbookError('Every part needs the same seed.', 'Give all of them one: --seed 4711')
  return seedBefore(output) ?? randomInt(1, 10_000)
}

function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index && of && index <= of) return { index, of }
  throw new WorkbookError(`--shard takes a part of all parts, not "${text}".`, 'For instance: --shard 2/8')
}
