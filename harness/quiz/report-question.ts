import { plainText } from '../markdown/content.ts'
import { plain } from '../report/style.ts'
import { versionOf } from './answers.ts'
import { type Given, grade } from './grade.ts'
import type { Question, Quiz } from './question.ts'

/** What a learner says of a question, with all that is needed to see it as the learner saw it. */
export interface QuestionReport {
  quiz: Quiz
  question: Question
  /** Of the run: it gives the order of the options. */
  seed: number
  /** Null when it is reported without an answer. */
  given: Given | null
  /** What is wrong with it, in the learner's words. */
  note: string
}

/**
 * Markdown for an issue: its title as a heading, the note, and what reproduces the question. Nothing in it tells who the
 * learner is.
 */
export function questionReport({ quiz, question, seed, given, note }: QuestionReport): string {
  const version = versionOf(question)
  const credit = given === null ? null : grade(question, given).credit
  const facts = { quiz: quiz.id, question: question.id, version, seed, given, credit }
  return [
    `# Question ${question.id}: ${escaped(question.title)}`,
    '',
    quoted(note.trim() === '' ? '(no note)' : note),
    '',
    ...(given === null
      ? []
      : [`The answer, worth ${percent(credit ?? 0)}:`, '', fenced(said(question, given)), '']),
    'To reproduce it:',
    '',
    fenced(JSON.stringify(facts, null, 2), 'json'),
    '',
  ].join('\n')
}

function percent(credit: number): string {
  return `${Math.round(credit * 100)} %`
}

/** The answer as it was seen: words of options and items, not their ids. */
function said(question: Question, given: Given): string {
  switch (given.kind) {
    case 'typed':
      return given.text
    case 'single':
    case 'multiple': {
      const ids = given.kind === 'single' ? [given.option] : given.options
      const options = 'options' in question ? question.options : []
      return list(options.filter(({ id }) => ids.includes(id)).map(({ of }) => plainText(of)))
    }
    case 'order': {
      const items = question.kind === 'order' ? question.items : []
      return list(given.order.map((at, index) => `${index + 1}. ${plainText(items[at] ?? [])}`))
    }
    case 'match': {
      if (question.kind !== 'match') return list([])
      const matches = [...question.pairs.map(({ match }) => match), ...question.surplus]
      return list(
        question.pairs.map(({ item }, index) => {
          const at = given.matches[index] ?? null
          return `${plainText(item)}: ${at === null ? '(none)' : plainText(matches[at] ?? [])}`
        }),
      )
    }
  }
}

function list(lines: readonly string[]): string {
  return lines.length > 0 ? lines.join('\n') : '(nothing)'
}

/** Each line in a quote, so that whatever Markdown the note opens ends with it. */
function quoted(note: string): string {
  const lines = harmless(note).trim().split('\n')
  return lines.map((line) => `> ${line}`.trimEnd()).join('\n')
}

/** A fence longer than any in the text. */
function fenced(text: string, info = 'text'): string {
  const inside = harmless(text)
  const longest = Math.max(2, ...(inside.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${info}\n${inside}\n${fence}`
}

function harmless(text: string): string {
  return plain(text.replace(/\r\n?/g, '\n'))
}

function escaped(words: string): string {
  return plain(words).replace(/[\\`*_<>[\]#|~&]/g, '\\$&')
}
