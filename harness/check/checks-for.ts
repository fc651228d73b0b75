import { fileURLToPath } from 'node:url'
import { afterAll, inject, test } from 'vitest'
import { ownership } from '../kafka/wiretap/ownership.ts'
import { strip } from '../kafka/wiretap/strip.ts'
import { windowOf } from '../report/window.ts'
import type { CheckResult, Place } from '../result.ts'
import { AnswerError } from './answer-error.ts'
import { areWhole, callLines, callLog, type Trip } from './call-lines.ts'
import { explain } from './explain.ts'
import type { CheckFunction, CheckOptions, Fixtures } from './fixtures.ts'
import { placeOfFunction } from './function-place.ts'
import { groupView } from './group-view.ts'
import { keepLog, keepText } from './log-file.ts'
import { Mistake } from './mistake.ts'
import { callsOf, playWith } from './play.ts'
import { randomFrom } from './random.ts'
import { openRig, type Rig } from './rig.ts'
import { topicView } from './topic-view.ts'
import { Trial, type TrialSettings } from './trial.ts'
import { wireView } from './wire-view.ts'

/** Longest wire strip (unless all of it was asked for) and longest list of printed lines in a result. */
const MOST_WIRE_LINES = 60
const MOST_LOG_LINES = 20

export interface FileOptions {
  /** Milliseconds for each scene. */
  deadlineMs?: number
  /** Partitions of the topic that every check gets; 0: no topic is created. */
  partitions?: number
}

/**
 * Declares the checks of one file: `const check = checksFor<{ scenes: typeof scenes }>(import.meta.url)`. Each check
 * becomes an ordinary vitest test. Its result travels in the test's `meta`.
 */
export function checksFor<T extends { scenes?: object; answer?: object }>(
  url: string,
  { deadlineMs = 5000, partitions = 3 }: FileOptions = {},
): CheckFunction<T> {
  const context = inject('workbook')
  const rig = openRig(fileURLToPath(url), context)
  const verdicts = new Map<string, CheckResult['verdict']>()
  afterAll(() => rig.close())

  return (id: string, title: string, ...rest: unknown[]) => {
    const body = rest.pop() as (fixtures: Fixtures<T>) => unknown
    const options = (rest.pop() ?? {}) as CheckOptions
    const after = options.after === undefined ? [] : [options.after].flat()
    const settings = { deadlineMs: (options.deadlineMs ?? deadlineMs) + rig.morePatienceMs, partitions }

    // Scenes have deadlines of their own, and those stand still while a debugger is attached; vitest's would not.
    test(title, { timeout: 0 }, async ({ task, skip }) => {
      const result = emptyResult(rig, id, title, options, after)
      task.meta.workbook = result
      // A check that an editor runs alone has nobody before it.
      const missing = after.filter((one) => verdicts.has(one) && verdicts.get(one) !== 'passed')
      if (missing.length > 0) {
        verdicts.set(id, 'blocked')
        result.verdict = 'blocked'
        result.message = `comes after ${missing.join(', ')}`
        skip(result.message)
      }
      const startedAt = performance.now()
      try {
        await runCheck(rig, settings, result, body, options)
      } finally {
        result.durationMs = Math.round(performance.now() - startedAt)
        verdicts.set(id, result.verdict)
      }
    })
  }
}

function emptyResult(
  rig: Rig,
  id: string,
  title: string,
  options: CheckOptions,
  after: string[],
): CheckResult {
  return {
    id: `${rig.exercise}/${id}`,
    title,
    verdict: 'error',
    after,
    stretch: options.stretch ?? false,
    points: options.points ?? 1,
    durationMs: 0,
    wire: [],
    ownership: [],
    logs: [],
  }
}

/** Runs the body of one check and fills in its result; a check that did not pass throws what it threw. */
async function runCheck<T>(
  rig: Rig,
  settings: TrialSettings,
  result: CheckResult,
  body: (fixtures: Fixtures<T>) => unknown,
  options: CheckOptions,
): Promise<void> {
  let trial: Trial | undefined
  let thrown: unknown
  const trips: Trip[] = []
  try {
    const checkId = result.id.slice(rig.exercise.length + 1)
    trial = await Trial.open(rig, checkId, settings)
    await body(await fixturesOf<T>(trial, trips, result.id))
    result.verdict = 'passed'
  } catch (error) {
    thrown = error
    // What fails while the broker is gone may be anything; it says nothing about the answer.
    Object.assign(result, explain((await trial?.brokerLost()) ?? error))
    if (result.verdict === 'failed') result.at ??= placeToLookAt(rig.code.answerFile, options.about)
    throw shown(error, result)
  } finally {
    await trial?.close()
    if (trial) Object.assign(result, evidence(trial, trips, result, thrown))
  }
}

/** Where nothing says which line it was, the function that the check is about, else the top of the file. */
function placeToLookAt(file: string, about: string | undefined): Place {
  return placeOfFunction(file, about) ?? { file, line: 1 }
}

/**
 * What editors and plain vitest show: a mistake, or an error of the answer, points to the answer and not to the harness.
 * The values of a failed `expect` become text here: vitest would walk through all of them, and an answer may return an
 * array of four billion holes.
 */
function shown(error: unknown, { at, expected, actual }: CheckResult): unknown {
  if (at && (error instanceof Mistake || error instanceof AnswerError)) {
    error.stack = `${error.name}: ${error.message}\n    at ${at.within ?? 'answer'} (${at.file}:${at.line}:${at.column ?? 1})`
  } else if (error instanceof Error && expected !== undefined) {
    Object.assign(error, { expected, actual })
  }
  return error
}

async function fixturesOf<T>(trial: Trial, trips: Trip[], checkId: string): Promise<Fixtures<T>> {
  const { rig, names, wiretap } = trial
  const shared = {
    play: playWith(trial),
    answer: callsOf(trial, trips),
    random: randomFrom(rig.context.seed, checkId),
    sessionTimeoutMs: rig.sessionTimeoutMs,
    address: trial.firstLane?.address ?? '',
  }
  if (!wiretap) return shared as Fixtures<T>
  const client = await rig.client()
  return {
    ...shared,
    topic: topicView(client, names.topic),
    topicNamed: (name: string) => topicView(client, name),
    group: groupView(client, names.group, names.topic),
    groupNamed: (name: string) => groupView(client, name, names.topic),
    wire: wireView(wiretap),
  } as Fixtures<T>
}

/** What the check leaves behind for its reader: calls and wire strip where it did not pass, and what the answer printed. */
function evidence(
  trial: Trial,
  trips: readonly Trip[],
  result: CheckResult,
  thrown: unknown,
): Pick<CheckResult, 'calls' | 'callFile' | 'wire' | 'ownership' | 'logs' | 'logFile'> {
  const { rig, wiretap } = trial
  const wanted = result.verdict === 'failed' || result.verdict === 'error' || rig.context.allWire
  const seenIn = thrown instanceof Mistake ? thrown.seenIn : undefined
  const wire = wanted && wiretap ? strip(wiretap.journal, (exchange) => exchange === seenIn) : []
  const logs = trial.tasks.flatMap((task) => task.output)
  const logFile = logs.length > MOST_LOG_LINES ? keepLog(rig.context.root, result.id, logs) : undefined
  return {
    ...(result.verdict === 'failed' && !result.notWritten && callsAsText(rig, trips, result.id)),
    wire: rig.context.allWire ? wire : windowOf(wire, MOST_WIRE_LINES),
    ownership: wanted && wiretap ? ownership(wiretap.journal, wiretap.ends) : [],
    logs: logs.slice(0, MOST_LOG_LINES),
    ...(logFile && { logFile }),
  }
}

function callsAsText(
  rig: Rig,
  trips: readonly Trip[],
  checkId: string,
): Pick<CheckResult, 'calls' | 'callFile'> {
  if (trips.length === 0) return {}
  const calls = callLines(trips)
  if (areWhole(calls, trips)) return { calls }
  const callFile = keepText(rig.context.root, `${checkId}.calls.txt`, callLog(trips))
  return { calls, ...(callFile && { callFile }) }
}
