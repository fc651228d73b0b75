import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { textHash } from '../text-hash.ts'
import { type LearnerEntry, learnerJournal } from './learner.ts'
import { writeWhole } from './write-whole.ts'

/** The learner's file of an exercise. */
export interface AnswerFile {
  /** `03-produce-event` */
  name: string
  /** Absolute path; the file may be missing. */
  file: string
}

type Swap = Extract<LearnerEntry, { kind: 'swapped' }>

/** A text that the learner's file held, byte by byte. */
export interface Attempt {
  file: string
  /** As verdicts show it: LF line ends are hashed. Two attempts may differ in their line ends alone. */
  hash: string
  /** When the learner's file was last seen with it: ISO 8601. */
  at: string
}

/** What is kept of one exercise at most: texts, and bytes. The oldest go first, but never the last ten. */
export const MOST_ATTEMPTS = 200
export const MOST_BYTES = 4 * 1024 * 1024
const NEVER_FEWER = 10

const NAME = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3}Z)-([0-9a-f]{6})\.ts$/

function folderOf(root: string, exercise: AnswerFile): string {
  return path.join(root, '.workbook', 'attempts', exercise.name)
}

/** The attempts of an exercise, the newest first. Throws a WorkbookError when their folder cannot be read. */
export function listAttempts(root: string, exercise: AnswerFile): Attempt[] {
  const folder = folderOf(root, exercise)
  if (!existsSync(folder)) return []
  return namesIn(folder).flatMap((name) => {
    const [, hours, minutes, seconds, rest, hash = ''] = NAME.exec(name) ?? []
    if (!hours) return []
    return [{ file: path.join(folder, name), hash, at: `${hours}:${minutes}:${seconds}.${rest}` }]
  })
}

/** The newest first. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort().reverse()
  } catch (error) {
    throw new WorkbookError(
      `${folder} cannot be read: ${(error as Error).message}.`,
      'Your file is as it was. Make the folder readable, or put it out of the way.',
    )
  }
}

/**
 * Keeps the bytes of the learner's file as they are, as the newest attempt. A text that is kept already only becomes the
 * newest. Without a file there is nothing to keep. Throws a WorkbookError when the disk does not take it.
 */
export function keepAttempt(root: string, exercise: AnswerFile): void {
  const bytes = readAnswer(exercise)
  if (bytes) keep(root, exercise, bytes)
}

/**
 * Puts a text in the place of the learner's file: keeps what is there, notes the swap in the journal, then writes. When it
 * throws (a WorkbookError), the file is as it was. A file that holds this text already is left alone.
 */
export function replaceAnswer(
  root: string,
  exercise: AnswerFile,
  text: string | Uint8Array,
  to: Swap['to'],
): void {
  const bytes = Buffer.from(text)
  const before = readAnswer(exercise)
  if (before?.equals(bytes)) return
  const file = existsSync(exercise.file) ? realpathSync(exercise.file) : exercise.file
  const half = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`)
  let noted: Swap | null = null
  try {
    writeWhole(file, half, bytes, {
      ...(before && { mode: statSync(file).mode }),
      beforeSwap: () => {
        noted = keepAndNote(root, exercise, to, hashOf(bytes))
      },
    })
  } catch (error) {
    if (noted) takeBack(root, noted)
    if (error instanceof WorkbookError) throw error
    throw new WorkbookError(
      `${exercise.file} cannot be written: ${(error as Error).message}.`,
      'It is as it was. Make the file and its folder writable.',
    )
  }
}

/**
 * Puts back the text before the last change: what a command took away, or else the newest attempt of the learner's own that
 * is not in the file. It can be undone like any other change. Null when there is no other text.
 */
export function undoAnswer(root: string, exercise: AnswerFile): Attempt | null {
  keepAttempt(root, exercise)
  const attempt = textBefore(root, exercise)
  if (attempt) restoreAttempt(root, exercise, attempt)
  return attempt
}

/** Puts one attempt in the place of the learner's file, which is kept. Throws a WorkbookError. */
export function restoreAttempt(root: string, exercise: AnswerFile, attempt: Attempt): void {
  const bytes = readAttempt(attempt)
  replaceAnswer(root, exercise, bytes, 'attempt')
  keep(root, exercise, bytes)
}

/** The text that the last `solve` took away, while no other command has brought one back; null when there is none. */
export function attemptBeforeSolution(root: string, exercise: AnswerFile): Attempt | null {
  const last = swapsOf(root, exercise).at(-1)
  if (last?.to !== 'solution') return null
  return listAttempts(root, exercise).find(({ hash }) => hash === last.from) ?? null
}

/** Throws a WorkbookError when it is gone or cannot be read. */
export function readAttempt({ file }: Attempt): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new WorkbookError(
      `The attempt ${file} cannot be read: ${(error as Error).message}.`,
      'Your file is as it was.',
    )
  }
}

function textBefore(root: string, exercise: AnswerFile): Attempt | null {
  const now = readAnswer(exercise)
  const others = listAttempts(root, exercise).filter((attempt) => !now || !holds(attempt, now))
  const swaps = swapsOf(root, exercise)
  const last = swaps.at(-1)
  const [newest] = others
  if (newest && last && newest.hash === last.from && (now ? hashOf(now) : '') === last.hash) return newest
  // What a command had put there is had again by that command, so the learner's own texts come first.
  const ours = new Set(swaps.flatMap(({ to, hash }) => (to === 'attempt' ? [] : hash)))
  return others.find(({ hash }) => !ours.has(hash)) ?? newest ?? null
}

function swapsOf(root: string, exercise: AnswerFile): Swap[] {
  const { entries } = learnerJournal(root).read()
  return entries.filter((entry) => entry.kind === 'swapped').filter((swap) => swap.exercise === exercise.name)
}

function hashOf(bytes: Buffer): string {
  return textHash(bytes.toString('utf8'))
}

function readAnswer({ file }: AnswerFile): Buffer | null {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new WorkbookError(
      `${file} cannot be read: ${(error as Error).message}.`,
      'Nothing was changed. Make it readable, or put it out of the way.',
    )
  }
}

/** Keeps the file as it is at this moment, and notes what is to follow; once more when an editor has saved meanwhile. */
function keepAndNote(root: string, exercise: AnswerFile, to: Swap['to'], hash: string): Swap {
  let bytes = readAnswer(exercise)
  for (;;) {
    if (bytes) keep(root, exercise, bytes)
    const from = bytes ? hashOf(bytes) : ''
    const at = new Date().toISOString()
    const swap: Swap = { kind: 'swapped', at, exercise: exercise.name, to, hash, from }
    learnerJournal(root).append(swap)
    const now = readAnswer(exercise)
    if (now === null || (bytes && now.equals(bytes))) return swap
    bytes = now
  }
}

/** Notes that a swap did not come about: the text before it is there. */
function takeBack(root: string, { exercise, hash, from }: Swap): void {
  try {
    const at = new Date().toISOString()
    learnerJournal(root).append({ kind: 'swapped', at, exercise, to: 'attempt', hash: from, from: hash })
  } catch {
    // Nothing can be written any more; what went wrong first is told.
  }
}

function keep(root: string, exercise: AnswerFile, bytes: Buffer): void {
  try {
    const attempts = listAttempts(root, exercise)
    const hash = hashOf(bytes)
    const same = attempts.find((one) => one.hash === hash && holds(one, bytes))
    if (same && same === attempts[0]) return
    const file = path.join(folderOf(root, exercise), `${timeAfter(attempts[0])}-${hash}.ts`)
    if (same && isMoved(same.file, file)) return
    mkdirSync(path.dirname(file), { recursive: true })
    writeWhole(file, `${file}.${process.pid}`, bytes)
  } catch (error) {
    if (error instanceof WorkbookError) throw error
    throw new WorkbookError(
      `Your answer cannot be kept: ${(error as Error).message}.`,
      'Your file is as it was. Make room, or make the folder .workbook writable.',
    )
  }
  prune(listAttempts(root, exercise))
}

function holds({ file }: Attempt, bytes: Buffer): boolean {
  try {
    return readFileSync(file).equals(bytes)
  } catch {
    return false
  }
}

/** False when it is no longer there: another run of the tool was quicker. */
function isMoved(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Later than the newest, also where the clock was turned back: names are the order. No colons: Windows has none. */
function timeAfter(newest: Attempt | undefined): string {
  const at = Math.max(Date.now(), newest ? Date.parse(newest.at) + 1 : 0)
  return new Date(at).toISOString().replaceAll(/[:.]/g, '-')
}

/** A text that cannot be removed stays; it takes nothing from anybody. */
function prune(attempts: readonly Attempt[]): void {
  let bytes = 0
  for (const [index, { file }] of attempts.entries()) {
    bytes += statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (index < NEVER_FEWER || (index < MOST_ATTEMPTS && bytes <= MOST_BYTES)) continue
    try {
      rmSync(file, { force: true })
    } catch {}
  }
}
