import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findExercise, listExercises } from '../exercise/find.ts'
import type { ExerciseResult } from '../result.ts'
import { openSession } from '../run/session.ts'
import { differences } from '../verify/compare.ts'
import { lintContent } from '../verify/lint.ts'
import { ownTests } from '../verify/own-tests.ts'
import { brokenPromise, type Promised, promisesOf } from '../verify/promises.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'

type Judged = { promised: Promised; result: ExerciseResult; broken: string | null }

/**
 * Tests the workbook: content, the harness's own tests, and every answer that it ships. With an option that singles
 * something out, only content and answers are looked at. Exit code 1 when a promise is broken.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { root, args, screen } = invocation
  const folder = mkdtempSync(path.join(tmpdir(), 'workbook-verify-'))
  const whole = !['broker', 'exercise', 'repeat', 'compare', 'seed'].some(
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
      if (whole) problems.push(...(await ownTests(root)).map((line) => line))
      const promised = exercises.flatMap((exercise) => promisesOf(exercise, root, folder))
      const judged = await judgeAll(invocation, promised, args.text('broker'), say)
      for (const one of judged) if (one.broken) problems.push(one.broken)
      const broken = judged.filter((one) => one.broken).length
      say(
        `answers: ${promised.length}, judged ${judged.length} times, ${broken} differences from what is promised`,
      )
      const other = args.text('compare')
      if (other) problems.push(...(await compare(invocation, promised, judged, other, say)))
      if (args.flag('json')) screen.print(JSON.stringify({ problems, answers: judged.map(asJson) }, null, 2))
      return problems.length === 0 ? 0 : 1
    },
  )
}

function chosenExercises({ root, args }: Invocation) {
  const all = listExercises(root)
  const wanted = args.text('exercise')
  return wanted === undefined ? all : [findExercise(all, wanted)]
}

/** Judges every answer, `--repeat` times, in one session on one broker. */
async function judgeAll(
  { root, built, args, screen }: Invocation,
  promised: Promised[],
  broker: string | undefined,
  say: (line: string) => void,
): Promise<Judged[]> {
  const session = await openSession({
    root,
    built,
    broker,
    seed: args.count('seed'),
    onProgress: (line) => screen.note(line),
  })
  return withCleanUp(
    () => session.close(),
    async () => {
      say(`broker: ${session.broker.kind} ${session.broker.version}, seed ${session.seed}`)
      const judged: Judged[] = []
      const rounds = args.count('repeat') ?? 1
      for (let round = 1; round <= rounds; round++) {
        for (const one of promised) {
          screen.progress(`  ${one.exercise.name} ${one.name} (round ${round} of ${rounds})`)
          const result = await session.judge(one.exercise, one.answer)
          const broken = brokenPromise(one, result)
          judged.push({ promised: one, result, broken })
          if (broken) say(`  ${one.exercise.name} ${one.name}: ${broken}`)
        }
        if (rounds > 1 && round % 10 === 0) screen.note(`  ${round} of ${rounds} rounds`)
      }
      return judged
    },
  )
}

async function compare(
  invocation: Invocation,
  promised: Promised[],
  judged: Judged[],
  broker: string,
  say: (line: string) => void,
): Promise<string[]> {
  const others = await judgeAll(invocation, promised, broker, say)
  const found = promised.flatMap((one, index) =>
    differences(judged[index]?.result as ExerciseResult, others[index]?.result as ExerciseResult).map(
      (difference) => `${one.exercise.name} ${one.name}: ${difference}`,
    ),
  )
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
