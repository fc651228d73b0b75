import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Exercise, listExercises } from '../../exercise/find.ts'
import { pristineStub } from '../../exercise/pristine.ts'
import { codeLines, linesOfItsOwn, squeeze } from '../../exercise/telling-lines.ts'
import { toBlank } from '../../quiz/export/blank.ts'
import { quizFiles } from '../../quiz/quiz-files.ts'
import type { CopiedFile } from './copied-files.ts'

/** A text that must not be in a copy, without blanks, and where it comes from. */
interface Secret {
  text: string
  /** `solutions/03-produce-event/produce-event.ts` */
  of: string
}

/** Lines in a row that nobody writes twice by chance; single lines of kafkajs stand in scenes as well as in answers. */
const LINES_IN_A_ROW = 3
const TELLING_OF_THEM = 2
/** All secrets are at least as long: they are found by these first characters. */
const SHORTEST_SECRET = 24

/** Where a copy gives something away. */
export interface Leak {
  /** The file of the copy. */
  path: string
  /** The file of the workbook that it comes from. */
  of: string
}

/**
 * Searches the files of a copy for the answers to these exercises (solutions, alternatives, mistakes), and for the keys of
 * the quizzes if `quizKeys` are to stay secret. Every place in every answer where three lines of code follow each other,
 * two of them telling, is looked for in every file, however it is indented or broken; of a quiz, every line that its blank
 * form does not have.
 */
export function findLeaks(
  files: readonly CopiedFile[],
  secret: { exercises: readonly Exercise[]; quizKeys: boolean },
  root: string,
): { leaks: Leak[]; searched: number } {
  const secrets = [
    ...secretsOfAnswers(secret.exercises, root),
    ...(secret.quizKeys ? secretsOfQuizzes(root) : []),
  ]
  const byStart = new Map<string, Secret[]>()
  for (const one of secrets) {
    const start = one.text.slice(0, SHORTEST_SECRET)
    byStart.set(start, [...(byStart.get(start) ?? []), one])
  }
  return { leaks: files.flatMap((file) => leaksIn(file, byStart)), searched: secrets.length }
}

function leaksIn({ path: place, content }: CopiedFile, byStart: ReadonlyMap<string, Secret[]>): Leak[] {
  const text = squeeze(content.toString('utf8'))
  const found = new Set<string>()
  for (let at = 0; at + SHORTEST_SECRET <= text.length; at++) {
    for (const secret of byStart.get(text.slice(at, at + SHORTEST_SECRET)) ?? []) {
      if (text.startsWith(secret.text, at)) found.add(secret.of)
    }
  }
  return [...found].map((of) => ({ path: place, of }))
}

/** The code of one shipped answer. */
interface AnswerCode {
  exercise: string
  of: string
  lines: string[]
  telling: string[]
}

/**
 * Places in the answers to these exercises. A line that answers to two exercises have is a word of kafkajs, and tells
 * nothing.
 */
function secretsOfAnswers(exercises: readonly Exercise[], root: string): Secret[] {
  const answers = listExercises(root).flatMap((exercise) => answersTo(exercise, root))
  const exercisesWith = new Map<string, Set<string>>()
  for (const { exercise, telling } of answers) {
    for (const line of telling) exercisesWith.set(line, (exercisesWith.get(line) ?? new Set()).add(exercise))
  }
  const tells = (line: string) => exercisesWith.get(line)?.size === 1
  const secret = new Set(exercises.map(({ name }) => name))
  return answers
    .filter(({ exercise }) => secret.has(exercise))
    .flatMap(({ of, lines }) => placesIn(lines, tells).map((text) => ({ text, of })))
}

function answersTo(exercise: Exercise, root: string): AnswerCode[] {
  if (!existsSync(exercise.solutionFolder)) return []
  const stub = pristineStub(exercise, root)
  return readdirSync(exercise.solutionFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const file = path.join(exercise.solutionFolder, name)
      const text = readFileSync(file, 'utf8')
      const of = path.relative(root, file).split(path.sep).join('/')
      return { exercise: exercise.name, of, lines: codeLines(text), telling: linesOfItsOwn(text, stub) }
    })
}

/** A row may hold closing brackets besides; alone they make no line. */
function placesIn(lines: readonly string[], tells: (line: string) => boolean): string[] {
  const rowFrom = (at: number) => {
    let words = 0
    const end = lines.findIndex((line, index) => index >= at && /\w/.test(line) && ++words === LINES_IN_A_ROW)
    return end < 0 ? [] : lines.slice(at, end + 1)
  }
  return lines
    .map((_, at) => rowFrom(at))
    .filter((row) => row.filter(tells).length >= TELLING_OF_THEM)
    .map((row) => squeeze(row.join('')))
}

/** Feedback, explanations and rows of keys: what a quiz has in quotes and tables, and its blank form has not. */
function secretsOfQuizzes(root: string): Secret[] {
  return quizFiles(root).flatMap((file) => {
    const source = readFileSync(file, 'utf8')
    const blank = squeeze(toBlank(source, path.basename(file, '.md'), 1))
    const of = `quizzes/${path.basename(file)}`
    return source
      .split('\n')
      .filter((line) => /^\s*[>|]/.test(line) && !/^\s*> Source:/.test(line))
      .map((line) => squeeze(line.replace(/^\s*>/, '')))
      .filter((text) => text.length >= SHORTEST_SECRET && !blank.includes(text))
      .map((text) => ({ text, of }))
  })
}
