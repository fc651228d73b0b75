import type { AnswerEntry } from '../answers.ts'
import type { Given } from '../grade.ts'

/** The answers of one file, as an instructor gets it from a learner. */
export interface LearnerFile {
  name: string
  answers: AnswerEntry[]
  /** Numbers of the lines that could not be read, from 1. */
  brokenLines: number[]
}

/** All answers of one person, in the order in which they were given. */
export interface Learner {
  /** More than one when they have answers in common: the same journal, handed in twice. */
  files: string[]
  answers: AnswerEntry[]
}

/**
 * Reads a journal of answers, JSON lines as `answers.ts` has them. It comes from somebody else, so every field is looked at;
 * a line that is broken is counted and left out. Entries of other kinds are none of its business.
 */
export function readLearnerFile(name: string, text: string): LearnerFile {
  const answers: AnswerEntry[] = []
  const brokenLines: number[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    const entry = parsed(line)
    if (isAnswer(entry)) answers.push(entry)
    else if (!isOtherEntry(entry)) brokenLines.push(index + 1)
  }
  return { name, answers, brokenLines }
}

function parsed(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const isText = (value: unknown) => typeof value === 'string'
const isNumber = (value: unknown, least: number, most: number) =>
  typeof value === 'number' && value >= least && value <= most
const isListOf = (value: unknown, isOne: (one: unknown) => boolean) =>
  Array.isArray(value) && value.every(isOne)

function isOtherEntry({ kind, at }: Record<string, unknown>): boolean {
  return isText(kind) && isText(at) && kind !== 'answer'
}

const FIELDS: Record<keyof AnswerEntry, (value: unknown) => boolean> = {
  kind: (value) => value === 'answer',
  at: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  run: isText,
  quiz: isText,
  question: (value) => typeof value === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value),
  version: (value) => typeof value === 'string' && /^[0-9a-f]{8}$/.test(value),
  given: isGiven,
  credit: (value) => isNumber(value, 0, 1),
  confidence: (value) => value === null || [1, 2, 3].includes(value as number),
  hinted: (value) => typeof value === 'boolean',
  tookMs: (value) => isNumber(value, 0, Number.MAX_SAFE_INTEGER),
}

function isAnswer(entry: object): entry is AnswerEntry {
  const values = entry as Record<string, unknown>
  return Object.entries(FIELDS).every(([field, isRight]) => isRight(values[field]))
}

function isGiven(value: unknown): value is Given {
  if (!isObject(value)) return false
  const isIndex = (one: unknown) => Number.isInteger(one)
  switch (value.kind) {
    case 'single':
      return value.option === null || isText(value.option)
    case 'multiple':
      return isListOf(value.options, isText)
    case 'order':
      return isListOf(value.order, isIndex)
    case 'match':
      return isListOf(value.matches, (one) => one === null || isIndex(one))
    case 'typed':
      return isText(value.text)
    default:
      return false
  }
}

/**
 * Who is behind the files: one learner for each, but files that share an answer are of the same one, handed in twice or
 * copied. Otherwise a second attempt in the newer copy would pass for a first one.
 */
export function learnersOf(files: readonly LearnerFile[]): Learner[] {
  const owners = new Map<string, Learner>()
  const learners = new Set<Learner>()
  for (const { name, answers } of files) {
    const keys = answers.map(keyOf)
    const same = new Set(keys.flatMap((key) => owners.get(key) ?? []))
    const unseen = answers.filter((_, index) => !owners.has(keys[index] as string))
    const learner: Learner = {
      files: [...[...same].flatMap((one) => one.files), name],
      answers: [...same].flatMap((one) => one.answers).concat(unseen),
    }
    for (const one of same) learners.delete(one)
    for (const answer of learner.answers) owners.set(keyOf(answer), learner)
    learners.add(learner)
  }
  return [...learners].map((one) => ({ ...one, answers: one.answers.sort(byTime) }))
}

function keyOf({ run, question, at, tookMs }: AnswerEntry): string {
  return JSON.stringify([run, question, at, tookMs])
}

function byTime(a: AnswerEntry, b: AnswerEntry): number {
  return Date.parse(a.at) - Date.parse(b.at)
}

/**
 * The first answer to each question. Whoever has answered an earlier version has read its explanation, so that an answer to a
 * later version is no first one either.
 */
export function firstAnswers({ answers }: Learner): AnswerEntry[] {
  const first = new Map<string, AnswerEntry>()
  for (const answer of answers) if (!first.has(answer.question)) first.set(answer.question, answer)
  return [...first.values()]
}
