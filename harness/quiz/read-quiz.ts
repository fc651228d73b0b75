import { type Block, type Problem, plainText } from '../markdown/content.ts'
import { parseMarkdown } from '../markdown/parse.ts'
import type { Question, Quiz } from './question.ts'
import { readQuestion } from './read-question.ts'
import type { Section } from './section.ts'
import { isId, Settings } from './settings.ts'

export interface ReadQuiz {
  /** What could be read; questions with an error are left out. */
  quiz: Quiz
  problems: Problem[]
}

const HEAD_KEYS = ['id', 'kafka', 'pass', 'idea']
const EXERCISE = /^\d\d$/

/**
 * Reads one quiz. `# Title`, a comment `quiz` with its settings, then a question under each `## Title`. The format is told in
 * harness/quiz/README.md. Nothing is dropped in silence: what is not understood is a problem with its line.
 */
export function readQuiz(source: string, fileId: string): ReadQuiz {
  const { blocks, problems } = parseMarkdown(source)
  const refuse = (line: number, rule: string, message: string) =>
    problems.push({ line, level: 'error', rule, message })
  const [title] = blocks
  // A file that is too large or too deep has no blocks, and nothing more can be said of it.
  if (!title && problems.length > 0) return { quiz: nothing(fileId), problems }
  const rest = title?.kind === 'comment' ? blocks : blocks.slice(1)
  if (title?.kind !== 'heading' || title.depth !== 1) refuse(1, 'title', 'a quiz begins with "# Title"')
  const head = headOf(rest, problems, title?.line ?? 1)
  if (head.id !== undefined && head.id !== fileId) {
    refuse(head.line, 'id', `the id is "${head.id}", and the file is called ${fileId}.md`)
  }
  for (const line of swallowed(source, rest)) {
    refuse(
      line,
      'swallowed',
      'this question stands inside of what is above it: a fence or a comment has no end there',
    )
  }
  const { before, sections } = cut(rest)
  for (const block of before.filter(({ kind }) => kind !== 'comment')) {
    refuse(block.line, 'outside', 'text outside of a question; questions begin with "## Title"')
  }
  const questions = sections
    .map((section) => readQuestion(section, problems))
    .filter((question) => question !== null)
  if (sections.length === 0) refuse(1, 'empty', 'the quiz has no question')
  refuseTwice(questions, problems)
  return {
    quiz: {
      id: fileId,
      title: title?.kind === 'heading' ? plainText(title.of) : fileId,
      kafka: head.kafka,
      pass: head.pass,
      ideas: head.ideas,
      questions,
    },
    problems: problems.sort((a, b) => a.line - b.line),
  }
}

function nothing(id: string): Quiz {
  return { id, title: id, kafka: '', pass: 80, ideas: new Map(), questions: [] }
}

function headOf(blocks: readonly Block[], problems: Problem[], line: number) {
  const [comment] = blocks
  const isHead = comment?.kind === 'comment' && /^quiz\s/.test(`${comment.text}\n`)
  if (!isHead)
    problems.push({ line, level: 'error', rule: 'head', message: 'under the title stands <!-- quiz ... -->' })
  const text = isHead ? comment.text.replace(/^quiz\s*/, '') : ''
  const settings = Settings.ofLines(text, isHead ? comment.line : line, HEAD_KEYS, ['idea'], problems)
  const kafka = settings.text('kafka') ?? ''
  if (isHead && !/^>=\d+\.\d+$/.test(kafka)) settings.refuse('kafka', 'kafka is a version like ">=4.0"')
  return {
    id: settings.text('id'),
    line: settings.line,
    kafka,
    pass: settings.number('pass', 80, 1, 100),
    ideas: ideasOf(settings),
  }
}

/** `idea: sticky-is-random 05`: a wrong idea, and the exercise that trains it. */
function ideasOf(settings: Settings): Map<string, string> {
  const ideas = new Map<string, string>()
  for (const text of settings.texts('idea')) {
    const [name = '', exercise = ''] = text.split(' ')
    if (!isId(name) || !EXERCISE.test(exercise)) {
      settings.refuse('idea', `"idea: name NN" is meant, with the number of an exercise, not "${text}"`)
    } else ideas.set(name, exercise)
  }
  return ideas
}

/** Lines with a question that Markdown takes for a part of something else: two fences too few, and all between them is code. */
function swallowed(source: string, blocks: readonly Block[]): number[] {
  const comments = new Set(blocks.filter(({ kind }) => kind === 'comment').map(({ line }) => line))
  const lines = source.split('\n').map((text, at) => ({ text, line: at + 1 }))
  return lines
    .filter(({ text, line }) => /^<!-- q\s/.test(text) && !comments.has(line))
    .map(({ line }) => line)
}

function cut(blocks: readonly Block[]): { before: Block[]; sections: Section[] } {
  const before: Block[] = []
  const sections: Section[] = []
  for (const block of blocks) {
    const last = sections.at(-1)
    if (block.kind === 'heading' && block.depth === 2) {
      sections.push({ title: plainText(block.of), line: block.line, blocks: [] })
    } else if (last) last.blocks.push(block)
    else before.push(block)
  }
  return { before, sections }
}

function refuseTwice(questions: readonly Question[], problems: Problem[]): void {
  const seen = new Map<string, number>()
  for (const { id, line } of questions) {
    const first = seen.get(id)
    if (first === undefined) seen.set(id, line)
    else
      problems.push({
        line,
        level: 'error',
        rule: 'id-twice',
        message: `the id "${id}" is taken by line ${first}`,
      })
  }
}
