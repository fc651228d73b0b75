import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import type { Confidence } from '../quiz/answers.ts'
import { answersFromFile } from '../quiz/answers-file.ts'
import { type Answerer, askingOf } from '../quiz/ask-question.ts'
import type { Asker } from '../quiz/asker.ts'
import { plainAsker } from '../quiz/plain-asker.ts'
import type { Invocation } from './command.ts'

const CONFIDENCE = [
  { id: '1', name: 'a guess' },
  { id: '2', name: 'fairly sure' },
  { id: '3', name: 'sure' },
]

/** Who answers: a human at a terminal, or a file. */
export interface Face {
  answer: Answerer
  askConfidence: (() => Promise<Confidence>) | null
  close(): void
}

/** Whether somebody is there who can be asked. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true
}

/** Who answers. A quiz that nobody can answer is an error, and never a result. */
export async function openFace(invocation: Invocation): Promise<Face> {
  const { args, cwd, screen } = invocation
  const file = args.text('answers')
  if (file !== undefined)
    return { answer: answersFromFile(path.resolve(cwd, file)), askConfidence: null, close() {} }
  if (!hasTerminal()) {
    throw new WorkbookError(
      'A quiz needs a terminal: its input or output is closed, or leads elsewhere.',
      'Without one, hand over a file:  npm run quiz NAME -- --answers FILE',
    )
  }
  const asker = await openAsker(invocation)
  return {
    answer: askingOf(asker, screen.look),
    askConfidence: async () => Number(await asker.key('How sure are you?', CONFIDENCE)) as Confidence,
    close: asker.close,
  }
}

/** Prompts for the terminal, with a moving cursor or, where it is wanted or cannot be had otherwise, from top to bottom. */
export async function openAsker({ screen }: Invocation): Promise<Asker & { close(): void }> {
  const print = (lines: readonly string[]) => screen.print([...lines])
  if (!screen.isLive) return plainAsker(process.stdin, process.stdout, print)
  const { inquirerAsker } = await import('../quiz/inquirer-asker.ts')
  return { ...inquirerAsker(print), close() {} }
}
