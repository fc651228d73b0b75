import { readFileSync } from 'node:fs'
import { WorkbookError } from '../errors.ts'
import { plainText } from '../markdown/content.ts'
import type { Answerer } from './ask-question.ts'
import type { Given } from './grade.ts'
import type { Question } from './question.ts'

/**
 * Answers from a JSON file, for classes and for CI: an object from question ids to what was answered. A choice is the text of
 * an option or a list of them, an order or a match a list of texts, all else a text or a number. A question that the file leaves
 * out gets an empty answer.
 */
export function answersFromFile(file: string): Answerer {
  const answers = readObject(file)
  return async ({ question }) => ({ given: givenFor(question, answers[question.id], file), hinted: false })
}

function readObject(file: string): Record<string, unknown> {
  const wrong = (why: string) =>
    new WorkbookError(`${file} holds no answers: ${why}.`, 'It is a JSON object: { "question-id": "answer" }')
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw wrong(
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message,
    )
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch (error) {
    throw wrong((error as Error).message)
  }
  throw wrong('there is no object in it')
}

function givenFor(question: Question, answer: unknown, file: string): Given {
  const texts = [answer ?? []].flat().map(String)
  switch (question.kind) {
    case 'single':
      return { kind: 'single', option: optionId(question, texts[0], file) }
    case 'multiple':
      return { kind: 'multiple', options: texts.flatMap((text) => optionId(question, text, file) ?? []) }
    case 'order':
      return {
        kind: 'order',
        order: texts.map((text) => indexOf(text, question.items.map(plainText), question, file)),
      }
    case 'match': {
      const names = [...question.pairs.map(({ match }) => match), ...question.surplus].map(plainText)
      return { kind: 'match', matches: texts.map((text) => indexOf(text, names, question, file)) }
    }
    default:
      return { kind: 'typed', text: texts.join('\n') }
  }
}

function optionId(question: Question, text: string | undefined, file: string): string | null {
  if (text === undefined || !('options' in question)) return null
  const found = question.options.find(({ id, of }) => id === text || plainText(of).trim() === text.trim())
  if (!found) throw unknown(question, text, file)
  return found.id
}

function indexOf(text: string, names: readonly string[], question: Question, file: string): number {
  const at = names.findIndex((name) => name.trim() === text.trim())
  if (at < 0) throw unknown(question, text, file)
  return at
}

function unknown({ id }: Question, text: string, file: string): WorkbookError {
  return new WorkbookError(
    `${file}: question ${id} has nothing to choose that says "${text}".`,
    'Write an option as it is shown.',
  )
}
