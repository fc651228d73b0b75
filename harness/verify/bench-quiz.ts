import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readQuizFile } from '../quiz/read-file.ts'
import { startInTerminal, type TerminalProgram } from './terminal-program.ts'

const QUIZ = 'keys'
const [ENTER, CTRL_C] = ['\r', '\u0003']

/** Milliseconds: from nothing to the first question, and from an answer to what is said about it. */
export interface QuizTimes {
  starts: number[]
  feedbacks: number[]
  /** From nothing to the first word of a Node that does nothing else, in a terminal like the quiz. */
  bare: number[]
}

/**
 * Takes a quiz in a terminal, as often as `rounds` says and once more before, which does not count: the single-choice
 * questions of the quiz `keys`, each answered with the first choice. `root` is a copy: the other questions are taken out of it, and answers are kept there.
 */
export async function timeQuiz(
  root: string,
  rounds: number,
  onRound: (round: number) => void,
): Promise<QuizTimes> {
  const count = keepSingleChoices(root)
  const times: QuizTimes = { starts: [], feedbacks: [], bare: [] }
  for (let round = 0; round <= rounds; round++) {
    onRound(round)
    const bare = await inTerminal(root, ['-p', '"here"'], async (node) => {
      const saidAt = await node.sees(/here/)
      await node.ended()
      return saidAt - node.startedAt
    })
    const workbook = path.join(root, 'harness', 'bin', 'workbook.mjs')
    const command = [workbook, 'quiz', QUIZ, '--seed', '1']
    const taken = await inTerminal(root, command, (quiz) => takeQuiz(quiz, count))
    if (round === 0) continue
    times.bare.push(bare)
    times.starts.push(taken.start)
    times.feedbacks.push(...taken.feedbacks)
  }
  return times
}

async function inTerminal<T>(
  root: string,
  args: readonly string[],
  work: (program: TerminalProgram) => Promise<T>,
): Promise<T> {
  const program = startInTerminal([process.execPath, ...args], root)
  try {
    return await work(program)
  } finally {
    program.kill()
  }
}

async function takeQuiz(
  quiz: TerminalProgram,
  count: number,
): Promise<{ start: number; feedbacks: number[] }> {
  const feedbacks: number[] = []
  let start = 0
  for (let at = 1; at <= count; at++) {
    await quiz.sees(new RegExp(`(?<!\\d)${at} of ${count} `))
    const askedAt = await quiz.sees(/Your answer/)
    if (at === 1) start = askedAt - quiz.startedAt
    const answeredAt = quiz.press(ENTER)
    feedbacks.push((await quiz.sees(/✓ right|✗ not right/)) - answeredAt)
  }
  quiz.press(CTRL_C)
  await quiz.ended()
  return { start, feedbacks }
}

/** Leaves what Enter answers in the quiz: its head, and its single-choice questions as they are. Returns how many. */
function keepSingleChoices(root: string): number {
  const file = path.join(root, 'quizzes', `${QUIZ}.md`)
  const { questions } = readQuizFile(file).quiz
  const lines = readFileSync(file, 'utf8').split('\n')
  const head = lines.slice(0, (questions[0]?.line ?? 1) - 1)
  const kept = questions.flatMap(({ kind, line }, at) => {
    const end = questions[at + 1]?.line ?? lines.length + 1
    return kind === 'single' ? [lines.slice(line - 1, end - 1)] : []
  })
  writeFileSync(file, [head, ...kept].flat().join('\n'))
  return kept.length
}
