import { lstatSync } from 'node:fs'
import type { Vitest } from 'vitest/node'
import { connectKeeper } from '../answer/connect-keeper.ts'
import type { KeeperClient } from '../answer/keeper-client.ts'
import type { RunContext } from '../check/context.ts'
import { WorkbookError } from '../errors.ts'
import { type Answer, identify } from '../exercise/answer.ts'
import type { Exercise } from '../exercise/find.ts'
import type { Broker } from '../kafka/broker.ts'
import type { CheckResult, ExerciseResult } from '../result.ts'
import { type Backstage, type BackstageOptions, openBackstage } from './backstage.ts'
import { CheckCollector } from './check-collector.ts'
import { nextRun } from './next-run.ts'
import type { Played, PlayOptions } from './play.ts'
import { bothOf, secondSeed } from './seeds.ts'
import { verdictOf } from './verdict.ts'
import { testOptions, viteOptions } from './vitest-options.ts'
import { type WorkerThreads, workerThreads } from './worker-threads.ts'

/** An exercise, and the answer to it that is judged. */
export interface Chosen {
  exercise: Exercise
  answer: Answer
}

export interface SessionOptions extends BackstageOptions {
  /** The first thing that will be judged: its answer is compiled while vitest starts. */
  first?: Chosen | undefined
  /** `judge` will be called again and again: what the next call needs is made ready after each. */
  manyTimes?: boolean
  onCheck?(check: CheckResult): void
}

/** Broker and vitest are up. `judge` may be called as often as wanted, one call at a time. */
export interface Session {
  broker: Broker
  seed: number
  /**
   * `seed` replaces the session's own for this judgement. Under a confinement other than `learn`, an answer is judged with two
   * seeds, and a check has passed when it passed both times.
   */
  judge(exercise: Exercise, answer: Answer, seed?: number): Promise<ExerciseResult>
  /** Ends the judgement at work, and the processes of its answer; its promise rejects with JudgementCancelled. */
  cancel(): void
  /** Plays one scene, as `playScene` does. */
  play(chosen: Chosen, scene: string, options: PlayOptions): Promise<Played>
  close(): Promise<void>
}

/** A judgement, or the playing of a scene, was ended before it was over. It says nothing about the answer. */
export class JudgementCancelled extends Error {
  override name = 'JudgementCancelled'
}

/** Opens a session. Throws a WorkbookError when the broker cannot be had. */
export async function openSession(options: SessionOptions): Promise<Session> {
  // Vitest takes longer to load than everything else together, so it loads while the broker starts.
  const loading = import('vitest/node')
  loading.catch(() => {})
  const { confinement = 'learn' } = options
  const backstage = await openBackstage(options)
  try {
    const warming = options.first && prepare(backstage, options.first)
    // Whoever judges meets the same keeper, and tells what is wrong with it.
    warming?.catch(() => {})
    const collector = new CheckCollector(options.onCheck ?? (() => {}))
    const threads = workerThreads(options.built, options.manyTimes ?? false)
    const vitest = await startVitest(await loading, options, collector, threads)
    const judgeOnce = async (chosen: Chosen, seed: number) => {
      const run = nextRun(backstage.context)
      threads.allow()
      try {
        const context = { ...backstage.context, run, seed }
        const result = await judge(vitest, context, collector, chosen)
        if (threads.isForbidden()) throw new JudgementCancelled('The judgement was cancelled.')
        return await withLastWords(result, backstage.broker)
      } finally {
        if (chosen.exercise.scenesFile !== null) backstage.sweeper.sweep(run)
      }
    }
    return {
      broker: backstage.broker,
      seed: backstage.context.seed,
      async judge(exercise, answer, seed = backstage.context.seed) {
        const chosen = { exercise, answer }
        if (confinement === 'learn') return judgeOnce(chosen, seed)
        refuseLink(answer)
        const first = await judgeOnce(chosen, seed)
        if (!first.checks.some(({ verdict }) => verdict === 'passed')) return first
        const second = secondSeed(seed)
        return bothOf(first, await judgeOnce(chosen, second), second)
      },
      cancel: () => threads.forbid(),
      async play({ exercise, answer }, scene, options) {
        const { playScene } = await import('./play.ts')
        return playScene(backstage, exercise, answer, scene, options)
      },
      async close() {
        threads.forbid()
        const closing = warming?.then((client) => client.close())
        await Promise.allSettled([closing, vitest.close(), threads.close(), backstage.close()])
      },
    }
  } catch (error) {
    await backstage.close()
    throw error
  }
}

async function startVitest(
  { createVitest }: typeof import('vitest/node'),
  { root, built }: SessionOptions,
  collector: CheckCollector,
  { pool }: WorkerThreads,
): Promise<Vitest> {
  const before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]))
  const vitest = await createVitest(
    'test',
    {
      ...testOptions(built),
      pool,
      root,
      config: false,
      watch: false,
      reporters: [collector],
    },
    viteOptions(root, built),
  )
  await vitest.standalone()
  // Vitest ends the process one millisecond after a signal, which would cut off every clean-up of ours.
  for (const [signal, ours] of before) {
    for (const listener of process.listeners(signal)) {
      if (!ours.includes(listener)) process.off(signal, listener)
    }
  }
  return vitest
}

async function judge(
  vitest: Vitest,
  context: RunContext,
  collector: CheckCollector,
  { exercise, answer }: Chosen,
): Promise<ExerciseResult> {
  const startedAt = performance.now()
  const identity = identify(answer, context.root)
  const project = vitest.getRootProject()
  project.provide('workbook', { ...context, answerFiles: { [exercise.name]: answer.file } })
  const files = [exercise.checkFile, ...(exercise.extraCheckFiles ?? [])]
  const specifications = files.map((file) => project.createSpecification(file))
  await vitest.runTestSpecifications(specifications, true)
  const { checks, problems } = collector.take()
  problems.push(...declaredTwice(checks))
  return {
    exercise: exercise.name,
    answer: identity,
    verdict: verdictOf(checks, problems),
    durationMs: Math.round(performance.now() - startedAt),
    checks: [...checks, ...problems.map((problem) => harnessProblem(exercise, problem))],
  }
}

/** An error may come from a broker that died: its exit code and the end of its log then stand under the first one. */
async function withLastWords(result: ExerciseResult, { lastWords }: Broker): Promise<ExerciseResult> {
  const at = result.checks.findIndex(({ verdict }) => verdict === 'error')
  const check = result.checks[at]
  if (check === undefined || lastWords === undefined) return result
  // A broker that cannot say why it is gone is no reason to lose the verdict.
  const said = await lastWords().catch(() => null)
  if (said === null) return result
  const message = `${check.message ?? ''}\n${said}`.trim()
  return { ...result, checks: result.checks.with(at, { ...check, message }) }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** A link in a submission leads to a file that somebody else wrote. */
function refuseLink({ file }: Answer): void {
  if (lstatSync(file).isFile()) return
  throw new WorkbookError(`${file} is not a plain file.`, 'Give the file itself, not a link to it.')
}

function declaredTwice(checks: CheckResult[]): string[] {
  const ids = checks.map(({ id }) => id)
  const twice = new Set(ids.filter((id, at) => ids.indexOf(id) !== at))
  return [...twice].map((id) => `There are two checks with the id ${id}.`)
}

function harnessProblem(exercise: Exercise, message: string): CheckResult {
  return {
    id: `${exercise.name}/checks`,
    title: 'The checks of this exercise can be run',
    verdict: 'error',
    after: [],
    stretch: false,
    points: 0,
    durationMs: 0,
    message,
    wire: [],
    ownership: [],
    logs: [],
  }
}

/** Lets the keeper compile the first answer while vitest starts. */
async function prepare({ keeper }: Backstage, { exercise, answer }: Chosen): Promise<KeeperClient> {
  const client = await connectKeeper(keeper.address)
  client.prepare({ exercise: exercise.name, answerFile: answer.file, scenesFile: exercise.scenesFile })
  return client
}
