import { type Problem, plainText } from '../markdown/content.ts'
import type { Option, Question } from './question.ts'

const warning = (line: number, rule: string, message: string): Problem => ({
  line,
  level: 'warning',
  rule,
  message,
})

const MOST_OPTIONS = 5
const MUCH_LONGER = 1.5
/** Below this many characters a difference in length gives nothing away. */
const SHORT = 30

/** What gives an answer away, or misleads, without being wrong (Haladyna, Downing and Rodriguez 2002). */
export function writingProblems(question: Question): Problem[] {
  const stem = question.stem
    .flatMap((block) => (block.kind === 'paragraph' ? plainText(block.of) : []))
    .join('\n')
  const not = /\b(not|except)\b/i.exec(question.title + stem)
  const found: Problem[] = []
  if (
    not &&
    /\bwhich\b.*\b(not|except)\b/i.test(`${question.title} ${stem}`) &&
    !isStrong(question, not[0] as string)
  ) {
    found.push(
      warning(
        question.line,
        'hidden-not',
        '"not" in a question is overread: write it **strong**, or ask the other way round',
      ),
    )
  }
  return 'options' in question ? [...found, ...optionProblems(question.options, question.line)] : found
}

function isStrong(question: Question, word: string): boolean {
  return question.stem.some(
    (block) =>
      block.kind === 'paragraph' &&
      block.of.some(
        (one) => one.kind === 'strong' && plainText(one.of).toLowerCase().includes(word.toLowerCase()),
      ),
  )
}

function optionProblems(options: readonly Option[], line: number): Problem[] {
  const found: Problem[] = []
  if (options.length > MOST_OPTIONS)
    found.push(warning(line, 'many-options', `more than ${MOST_OPTIONS} options: three good ones are enough`))
  for (const option of options) {
    const text = plainText(option.of)
    if (/\b(all|none) of (the above|these|them)\b/i.test(text)) {
      found.push(
        warning(option.line, 'all-of-the-above', `"${text}" means nothing once the options are shuffled`),
      )
    }
    if (/\b(option|answer) [A-E]\b|\babove\b|\bboth of these\b/i.test(text)) {
      found.push(warning(option.line, 'refers', `"${text}" speaks of another option; their order changes`))
    }
  }
  return [...found, ...keyIsLongest(options, line), ...onlyInWrongOnes(options, line)]
}

function keyIsLongest(options: readonly Option[], line: number): Problem[] {
  const lengths = (isRight: boolean) =>
    options.filter((one) => one.isRight === isRight).map((one) => plainText(one.of).length)
  const [right, wrong] = [Math.min(...lengths(true)), Math.max(...lengths(false))]
  if (right < SHORT || right <= MUCH_LONGER * wrong) return []
  return [warning(line, 'longest-is-right', 'what is right is much longer than all that is wrong')]
}

function onlyInWrongOnes(options: readonly Option[], line: number): Problem[] {
  const has = (isRight: boolean) =>
    options.some((one) => one.isRight === isRight && /\b(always|never)\b/i.test(plainText(one.of)))
  return has(false) &&
    !has(true) &&
    options.filter((one) => /\b(always|never)\b/i.test(plainText(one.of))).length > 1
    ? [warning(line, 'always-is-wrong', '"always" and "never" stand in wrong options only')]
    : []
}
