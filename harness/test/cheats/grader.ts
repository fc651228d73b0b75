import { findExercise, listExercises } from '../../exercise/find.ts'
import { openSession, type SessionOptions } from '../../run/session.ts'
import { openNeighbour } from './neighbour.ts'

/** A submission to judge, and what came of it. They travel as messages between the range and its grader. */
export interface Submission {
  exercise: string
  file: string
}
export interface Judged {
  verdict: string
  /** How many checks passed, of all. */
  passed: number
  checks: number
  /** What the answer printed and what its result says. */
  text: string
  /** Whether the neighbour's topic, or the broker, is not as it was. */
  touched: boolean
}

/**
 * Judges submissions, one after the other, in one session, as `npm run grade` does: a process of its own, so that an attack that
 * ends it can be told from one that does not.
 */
async function grade(options: SessionOptions): Promise<void> {
  const exercises = listExercises(options.root)
  const session = await openSession({ ...options, broker: 'embedded' })
  const neighbour = await openNeighbour(session.broker.bootstrap)
  process.on('message', async ({ exercise, file }: Submission) => {
    const found = findExercise(exercises, exercise)
    const result = await session.judge(found, { kind: 'file', file })
    const judged: Judged = {
      verdict: result.verdict,
      passed: result.checks.filter(({ verdict }) => verdict === 'passed').length,
      checks: result.checks.length,
      text: JSON.stringify(result),
      touched: exercise !== '05' && (await neighbour.touched()),
    }
    process.send?.(judged)
  })
  process.once('disconnect', async () => {
    await neighbour.close()
    await session.close()
    process.exit(0)
  })
  process.send?.({ broker: session.broker.bootstrap, topic: neighbour.topic })
}

await grade(JSON.parse(process.argv[2] ?? ''))
