import type { Problem } from '../markdown/content.ts'
import { execute } from './execute.ts'
import { readQuantity, readWanted } from './quantity.ts'
import type { Program, Question, Quiz } from './question.ts'

/** What runs a program that needs one gets the address of a broker from. */
export type BrokerAddress = () => Promise<string>

/** The programs of a quiz, with the key that each of them has to print. */
export function programsOf(quiz: Quiz): { question: Question; program: Program }[] {
  return quiz.questions.flatMap((question) => {
    const program =
      question.kind === 'output' ? question.program : question.kind === 'numeric' ? question.computed : null
    return program ? [{ question, program }] : []
  })
}

/** Runs every program of a quiz, one after the other, and compares what it prints with the key. */
export async function keyProblems(quiz: Quiz, root: string, broker: BrokerAddress): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const { question, program } of programsOf(quiz)) {
    const { output, failure } = await execute(program, root, program.needsBroker ? await broker() : null)
    const message = failure === null ? difference(question, output) : `the program ${failure}`
    if (message !== null) problems.push({ line: program.line, level: 'error', rule: 'key', message })
  }
  return problems
}

function difference(question: Question, output: string): string | null {
  if (question.kind === 'output') {
    return tidy(output) === tidy(question.output) ? null : `the program prints:\n${output.trimEnd()}`
  }
  const [right] = question.kind === 'numeric' ? question.rows.filter(({ credit }) => credit === 100) : []
  const [printed, wanted] = [readQuantity(output), readWanted(right?.wanted ?? '')]
  const isEqual =
    printed !== null && wanted !== null && Math.abs(printed.value - wanted.value) <= wanted.tolerance
  return isEqual ? null : `the program prints ${output.trim()}, and the key is ${right?.wanted}`
}

function tidy(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
