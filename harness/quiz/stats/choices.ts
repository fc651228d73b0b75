import { plainText } from '../../markdown/content.ts'
import type { Question } from '../question.ts'
import type { FirstAnswer } from './items.ts'

/** An option, or a foreseen answer, and how many took it. */
export interface ChoiceStats {
  /** Of an option the id, of a row what it wants. */
  id: string
  text: string
  isRight: boolean
  count: number
  /** Of all who answered; they add up to more than 1 where several may be picked. 0: never chosen. */
  share: number
}

/** How often each choice was made, and how many answers fit none; null where there is nothing to choose from. */
export function choiceStats(
  question: Question | undefined,
  answers: readonly FirstAnswer[],
): { choices: ChoiceStats[] | null; others: number | null } {
  const choices = question ? choicesOf(question) : null
  if (!choices) return { choices, others: null }
  const counted = choices.map(({ isChosenIn, ...choice }) => {
    const count = answers.filter(isChosenIn).length
    return { ...choice, count, share: count / answers.length }
  })
  const others = answers.filter((answer) => !choices.some(({ isChosenIn }) => isChosenIn(answer)))
  return { choices: counted, others: others.length }
}

type Choice = Omit<ChoiceStats, 'count' | 'share'> & { isChosenIn(answer: FirstAnswer): boolean }

function choicesOf(question: Question): Choice[] | null {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return question.options.map(({ id, of, isRight }) => ({
        id,
        text: plainText(of),
        isRight,
        isChosenIn: ({ entry }) => pickedIn(entry.given).includes(id),
      }))
    case 'numeric':
    case 'text':
      return question.rows.map((row) => ({
        id: row.wanted,
        text: row.wanted,
        isRight: row.credit === 100,
        isChosenIn: ({ graded }) => graded?.row === row,
      }))
    default:
      return null
  }
}

function pickedIn(given: FirstAnswer['entry']['given']): (string | null)[] {
  return given.kind === 'single' ? [given.option] : given.kind === 'multiple' ? given.options : []
}
