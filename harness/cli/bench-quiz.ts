import { rmSync } from 'node:fs'
import { median } from '../median.ts'
import { copyForBench } from '../verify/bench-copy.ts'
import { timeQuiz } from '../verify/bench-quiz.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'

const ROUNDS = 10

/** How long a quiz takes to its first question, and to the feedback on an answer, in a real terminal. */
export async function benchQuiz({ root, args, screen }: Invocation): Promise<number> {
  const rounds = args.count('runs') ?? ROUNDS
  const copy = copyForBench(root, ['package.json', 'tsconfig.json', 'exercises', 'quizzes', 'harness'])
  return withCleanUp(
    () => rmSync(copy, { recursive: true, force: true, maxRetries: 3 }),
    async () => {
      const { starts, feedbacks, bare } = await timeQuiz(copy, rounds, (round) =>
        screen.progress(`  round ${round} of ${rounds}`),
      )
      screen.print([
        `${rounds} rounds, each in a terminal of its own: median, least - most`,
        row('start of the quiz to the first question', starts),
        row(`answer to feedback (${feedbacks.length} answers)`, feedbacks),
        row('start of Node alone to its first word', bare),
      ])
      return 0
    },
  )
}

function row(name: string, ms: readonly number[]): string {
  const [middle, least, most] = [median(ms), Math.min(...ms), Math.max(...ms)].map((one) => one.toFixed(1))
  return `${name.padEnd(42)} ${middle} ms, ${least} - ${most} ms`
}
