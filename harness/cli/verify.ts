import { randomInt } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Confinement } from '../answer/confine.ts'
import { WorkbookError } from '../errors.ts'
import { findExercise, isPure, listExercises } from '../exercise/find.ts'
import { startBroker } from '../kafka/start.ts'
import type { ExerciseResult } from '../result.ts'
import type { Session } from '../run/session.ts'
import { SessionPool } from '../run/session-pool.ts'
import { differences } from '../verify/compare.ts'
import { fetchKafka } from '../verify/kafka-jars.ts'
import { keepVersion } from '../verify/kafka-versions.ts'
import { keepResults, keptName, readKeptResults } from '../verify/kept-results.ts'
import { lintContent } from '../verify/lint.ts'
import { ownTests } from '../verify/own-tests.ts'
import { brokenPromise, type Promised, promisesOf } from '../verify/promises.ts'
import { lintQuizzes } from '../verify/quizzes.ts'
import { openRoundsBefore } from '../verify/rounds-before.ts'
import { exerciseTable } from '../verify/table.ts'
import { pagesWithTables } from '../verify/written-tables.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'
import { lazyBroker } from './lazy-broker.ts'
import { outputFile } from './output-file.ts'
import { problemLines, quizSummary } from './quiz-lint.ts'
import { confinementOf } from './trust.ts'

type Judged = { promised: Promised; result: ExerciseResult; broken: string | null }

/**
 * Tests the workbook: content, the harness's own tests, and every answer that it ships. With an option that singles
 * something out, only content and answers are looked at. Exit code 1 when a promise is broken.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { root, args, screen } = invocation
  const mode = confinementOf(args)
  const output = outputFile(invocation, 'output')
  const kafka = args.text('kafka')
  if (args.flag('write-tables') && kafka === undefined) return writeTables(root)
  if (kafka !== undefined) await useKafka(kafka, invocation)
  const broker = args.text('broker') ?? (kafka === undefined ? 'embedded' : 'jvm')
  if (args.flag('resume') && ['compare', 'output'].some((name) => args.text(name) !== undefined)) {
    throw new WorkbookError(
      '--resume leaves out what was judged before; --compare and --output need all of it.',
      'Give one of them.',
    )
  }
  const other = args.text('compare')
  const kept = other !== undefined && existsSync(other) ? readKeptResults(other) : null
  const folder = mkdtempSync(path.join(tmpdir(), 'workbook-verify-'))
  const whole =
    !args.flag('table') &&
    mode === 'learn' &&
    !['broker', 'exercise', 'kafka', 'repeat', 'compare', 'seed'].some(
      (name) => args.text(name) !== undefined,
    )
  const problems: string[] = []
  const say = (line: string) => (args.flag('json') ? screen.note(line) : screen.print(line))
  return withCleanUp(
    () => rmSync(folder, { recursive: true, force: true }),
    async () => {
      const exercises = chosenExercises(invocation)
      const lint = await lintContent(exercises, root)
      for (const problem of lint) say(`  ${problem}`)
      say(`content: ${exercises.length} exercises, ${lint.length} problems`)
      problems.push(...lint)
      if (whole) problems.push(...(await lintBank(invocation, say)), ...(await runOwnTests(root)))
      const everything = exercises.flatMap((exercise) => promisesOf(exercise, root, folder))
      const promised = meetingBroker(invocation, broker, everything, say)
      const seed = args.count('seed') ?? kept?.seed ?? randomInt(1, 10_000)
      const judged = await judgeAll(invocation, promised, { broker, seed, mode }, say)
      for (const one of judged) if (one.broken) problems.push(one.broken)
      const broken = judged.filter((one) => one.broken).length
      say(
        `answers: ${promised.length}, judged ${judged.length} times, ${broken} differences from what is promised`,
      )
      if (kafka !== undefined && args.flag('write-tables')) {
        const exercises = args.text('exercise')?.replaceAll(',', ' ') ?? 'all'
        const on = new Date().toISOString().slice(0, 10)
        keepVersion(root, { kafka, exercises, answers: promised.length, differences: broken, on })
        writeTables(root)
      }
      if (output) keepResults(output, { seed, results: byName(promised, judged) })
      const brokers = new Map([[broker, judged]])
      if (kept) problems.push(...compare(promised, judged, kept.results, say))
      else if (other) {
        const meeting = meetingBroker(invocation, other, promised, say)
        const others = await judgeAll(invocation, meeting, { broker: other, seed, mode }, say)
        brokers.set(other, others)
        problems.push(...others.flatMap((one) => one.broken ?? []))
        const both = judged.filter(({ promised }) => meeting.includes(promised))
        problems.push(...compare(meeting, both, byName(meeting, others), say))
      }
      if (args.flag('table')) for (const line of exerciseTable(exercises, brokers)) say(line)
      if (args.flag('json')) screen.print(JSON.stringify({ problems, answers: judged.map(asJson) }, null, 2))
      return problems.length === 0 ? 0 : 1
    },
  )
}

/** Every quiz, with the programs in it run; warnings count, too. */
async function lintBank({ root, screen }: Invocation, say: (line: string) => void): Promise<string[]> {
  const broker = lazyBroker(root, (line) => screen.progress(line))
  const linted = await withCleanUp(broker.stop, () => lintQuizzes(root, { broker: broker.address }))
  const found = linted.flatMap((one) => problemLines(one, root))
  for (const line of found) say(`  ${line}`)
  say(`quizzes: ${quizSummary(linted)}`)
  return found
}

/** Lets `--broker jvm` be this version. */
async function useKafka(version: string, { root, args, screen }: Invocation): Promise<void> {
  if (args.text('broker') !== undefined) {
    throw new WorkbookError('--kafka brings its own broker, and --broker another one.', 'Give one of them.')
  }
  const fetching = fetchKafka(root, version, (line) => screen.note(line))
  process.env.KAFKA_HOME = await withCleanUp(fetching.end, () => fetching.folder)
}

function writeTables(root: string): number {
  for (const [page, text] of pagesWithTables(root)) writeFileSync(path.join(root, page), text)
  return 0
}

function runOwnTests(root: string): Promise<string[]> {
  const interrupted = new AbortController()
  return withCleanUp(
    () => interrupted.abort(),
    () => ownTests(root, interrupted.signal),
  )
}

function chosenExercises({ root, args }: Invocation) {
  const all = listExercises(root)
  const wanted = args.text('exercise')
  return wanted === undefined ? all : wanted.split(',').map((one) => findExercise(all, one))
}

/**
 * The answers that can meet this broker. A pure exercise sends nothing: on a real broker its answers would only be judged as on
 * the embedded one, once more; who names exercises gets them all.
 */
function meetingBroker(
  { args }: Invocation,
  broker: string | undefined,
  promised: Promised[],
  say: (line: string) => void,
): Promised[] {
  if (broker === undefined || broker === 'embedded' || args.text('exercise') !== undefined) return promised
  const meeting = promised.filter(({ exercise }) => !isPure(exercise))
  const left = promised.length - meeting.length
  if (left > 0) say(`${left} answers to pure exercises send nothing to a broker and are left out`)
  return meeting
}

/**
 * Judges every answer, `--repeat` times, in the sessions of a pool, all on one broker; the exercises take turns. Every round
 * has random input of its own: `seed` is that of the first.
 */
async function judgeAll(
  { root, built, args, screen }: Invocation,
  promised: Promised[],
  { broker, seed, mode }: { broker: string; seed: number; mode: Confinement },
  say: (line: string) => void,
): Promise<Judged[]> {
  const rounds = args.count('repeat') ?? 1
  const judged: Judged[] = []
  const onProgress = (line: string) => screen.note(line)
  const shared = await startBroker(broker, { root, foreign: args.flag('foreign'), onProgress })
  const inMode = mode === 'learn' ? [] : [mode]
  const before = args.flag('resume')
    ? openRoundsBefore(root, [shared.kind, shared.version, ...inMode].join('-'))
    : null
  const all = Array.from({ length: rounds }, (_, round) => promised.map((one) => ({ one, round }))).flat()
  const open = all.filter(({ one, round }) => round >= (before?.count(one) ?? 0))
  let begun = 0
  const pool = new SessionPool({ root, built, broker: shared, seed, confinement: mode, onProgress })

  const work = async (session: Session, at: number) => {
    const { one, round } = open[at] as (typeof open)[number]
    screen.progress(`  ${begun + 1} of ${open.length}: ${one.exercise.name} ${one.name}`)
    if (begun > 0 && begun % (promised.length * 5) === 0) screen.note(`  ${begun} of ${open.length} judged`)
    begun += 1
    const result = await session.judge(one.exercise, one.answer, seed + round)
    const broken = brokenPromise(one, result)
    judged[at] = { promised: one, result, broken }
    if (broken) say(`  ${one.exercise.name} ${one.name} (seed ${seed + round}): ${broken}`)
    else before?.keep(one, seed + round)
  }

  return withCleanUp(
    async () => {
      await pool.close()
      await shared.stop()
    },
    async () => {
      await pool.open(open.length)
      say([`broker: ${shared.kind} ${shared.version}`, `seed ${seed}`, ...inMode].join(', '))
      if (before) say(`rounds that earlier runs have judged: ${all.length - open.length} of ${all.length}`)
      await pool.each([...open.keys()], (at) => open[at]?.one.exercise.name ?? '', work)
      return judged
    },
  )
}

/** The first round. */
function byName(promised: Promised[], judged: Judged[]): Record<string, ExerciseResult> {
  return Object.fromEntries(
    promised.map((one, index) => [keptName(one), (judged[index] as Judged).result] as const),
  )
}

/** Differences between two brokers in the first round. */
function compare(
  promised: Promised[],
  judged: Judged[],
  others: Record<string, ExerciseResult>,
  say: (line: string) => void,
): string[] {
  const found = promised.flatMap((one, index) => {
    const twin = others[keptName(one)]
    const differing = twin
      ? differences((judged[index] as Judged).result, twin)
      : ['judged on one broker only']
    return differing.map((difference) => `${keptName(one)}: ${difference}`)
  })
  for (const line of found) say(`  ${line}`)
  say(
    `compare: ${promised.length} answers, ${found.length} differences over verdict, mistake, expected and actual`,
  )
  return found
}

function asJson({ promised, result, broken }: Judged) {
  return {
    exercise: promised.exercise.name,
    answer: promised.name,
    verdict: result.verdict,
    broken,
    durationMs: result.durationMs,
  }
}
