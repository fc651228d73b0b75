import { WorkbookError } from '../../errors.ts'
import type { Block, ListItem } from '../../markdown/content.ts'
import { parseMarkdown } from '../../markdown/parse.ts'
import { dealOne } from '../deal.ts'
import type { Kind, Question, Quiz } from '../question.ts'
import { answerShape } from '../read-answer.ts'
import { readQuiz } from '../read-quiz.ts'

const ASKED: Record<Kind, string> = {
  single: 'One answer is right:',
  multiple: 'Mark all that are right:',
  order: 'Put in order:',
  match: 'Which letter belongs to which item?',
  numeric: 'Answer:',
  text: 'Answer:',
  output: 'It prints:',
}

const GAP = '________________'

/**
 * A copy of a quiz for learners, in the quiz's own words: titles, stems and hints as they are, boxes emptied, what is to be put
 * in order or matched shuffled by `seed`, and no key, feedback, explanation or comment. A quiz with errors is refused, as what
 * is not understood might be a key.
 */
export function toBlank(source: string, fileId: string, seed: number): string {
  const { quiz, problems } = readQuiz(source, fileId)
  const error = problems.find(({ level }) => level === 'error')
  if (error) {
    const hint = 'All of them: npm run quiz -- --lint FILE'
    throw new WorkbookError(`${fileId}.md, line ${error.line}: ${error.message}`, hint)
  }
  const { blocks } = parseMarkdown(source)
  const lines = source.split(/\r\n?|\n/)
  const head = `<!-- quiz\nid: ${quiz.id}\nkafka: "${quiz.kafka}"\n-->`
  const title = raw(lines, blocks[0]?.line ?? 1, blocks[1]?.line ?? 1).replace(/^\uFEFF/, '')
  const questions = quiz.questions.map((question, index) => {
    const end = quiz.questions[index + 1]?.line ?? lines.length + 1
    const own = blocks.filter(({ line }) => line >= question.line && line < end)
    return blankQuestion(quiz, question, seed, { lines, blocks: own, end })
  })
  return `${[`${title}\n${head}`, ...questions].join('\n\n')}\n`
}

/** The blocks of a question, and the lines of the file. */
interface Source {
  lines: readonly string[]
  blocks: readonly Block[]
  /** The line behind the question. */
  end: number
}

function textOf(block: Block, { lines, blocks, end }: Source): string {
  return raw(lines, block.line, endOf(blocks, block, end))
}

/** Lines from one number up to before another, without blank ones at the end. */
function raw(lines: readonly string[], from: number, end: number): string {
  return lines
    .slice(from - 1, end - 1)
    .join('\n')
    .trimEnd()
}

function endOf(all: readonly { line: number }[], one: { line: number }, end: number): number {
  return all[all.indexOf(one) + 1]?.line ?? end
}

/** Title, stem and hint, then the answer without its key; nothing that stands behind the answer. */
function blankQuestion(quiz: Quiz, question: Question, seed: number, source: Source): string {
  const answer = source.blocks.findIndex((block) => answerShape(block, question.kind) !== null)
  const [title, , ...before] = source.blocks.slice(0, answer)
  const stem = before
    .filter(({ kind }) => kind !== 'fold')
    .map((block) => (block.kind === 'code' ? textOf(block, source) : withoutComments(textOf(block, source))))
  const { shown } = dealOne(quiz, question, seed)
  const asked = ASKED[question.kind]
  return [
    `${title ? textOf(title, source) : ''}\n<!-- q id=${question.id} -->`,
    ...stem,
    ...blankAnswer(asked, question, shown, source, source.blocks[answer] as Block),
  ].join('\n\n')
}

function blankAnswer(
  asked: string,
  question: Question,
  shown: readonly number[],
  source: Source,
  block: Block,
): string[] {
  if (block.kind === 'list') {
    const end = endOf(source.blocks, block, source.end)
    const items = block.items.map((item) => itemText(item, source.lines, endOf(block.items, item, end)))
    if (question.kind !== 'order') return [asked, items.map(emptied).join('\n')]
    return [asked, shown.map((at) => bulleted(items[at] ?? '')).join('\n')]
  }
  if (block.kind === 'table' && question.kind === 'match') {
    return [asked, ...blankMatches(textOf(block, source).split('\n').slice(2), question.pairs.length, shown)]
  }
  if (question.kind === 'output') return [asked, '```text\n\n```']
  const unit = question.kind === 'numeric' && question.unit ? ` ${question.unit}` : ''
  return [`${asked} ${GAP}${unit}`]
}

/** The words of an item and what stands below them, without feedback and comments. */
function itemText(item: ListItem, lines: readonly string[], end: number): string {
  const kept = item.of.filter(({ kind }) => kind !== 'quote')
  return kept
    .map((block) => {
      const text = raw(lines, block.line, endOf(item.of, block, end))
      return block.kind === 'code' ? text : withoutComments(text)
    })
    .join('\n')
}

function emptied(item: string): string {
  return item.replace(/^(\s*(?:[-*+]|\d+[.)])\s+)\[[xX]\]/, '$1[ ]')
}

function bulleted(item: string): string {
  return item.replace(/^\s*\d+[.)]\s+/, '- ')
}

/** Items with room for a letter, and the matches with their letters. */
function blankMatches(rows: readonly string[], pairs: number, shown: readonly number[]): string[] {
  const cells = rows.map(cellsOf)
  const items = cells.filter(([item]) => item !== '')
  const matches = [...items, ...cells.filter(([item]) => item === '')].map(([, match = '']) => match)
  const table = items.slice(0, pairs).map(([item]) => `| ${item} | |`)
  const letters = shown.map((at, index) => {
    const letter = String.fromCodePoint(('A'.codePointAt(0) as number) + index)
    return `- **${letter}**: ${(matches[at] ?? '').replaceAll('\\|', '|')}`
  })
  return [['| Item | Letter |', '| --- | --- |', ...table].join('\n'), letters.join('\n')]
}

/** GitHub splits a row at every bar that has no backslash, also inside of code. */
function cellsOf(row: string): string[] {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner.split(/(?<!\\)\|/).map((cell) => withoutComments(cell).trim())
}

/** Comments go; what stands between backquotes stays as it is. */
function withoutComments(text: string): string {
  return text.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|[ \t]*<!--[\s\S]*?-->/g, (found, code) =>
    code === undefined ? '' : found,
  )
}
