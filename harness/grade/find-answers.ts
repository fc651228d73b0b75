import path from 'node:path'
import type { Exercise } from '../exercise/find.ts'

/** A file of a submission that is an answer by its name. */
export interface HandedIn {
  /** Inside the submission, with forward slashes; an archive's name stands before that of its file. */
  path: string
  bytes: Buffer
  /** Of two files with one name, the higher is the younger. */
  order: number
}

/** The answer to one exercise, or why a human has to choose. */
export type Picked = { file: HandedIn; problem: null } | { file: null; problem: string }

/** What is in a copy of the workbook, and is not by the student. */
const NOT_ANSWERS = ['node_modules', '.git', '.workbook', 'solutions', 'harness', '__MACOSX']

interface Place {
  exercise: string
  /** 0 in the exercise's own folder inside exercises/, 1 in its own folder, 2 loose. */
  rank: number
  depth: number
  /** `produce-event (2).ts`, `produce-event-2.ts`: browsers and course systems number what comes again. */
  copy: number
}

/**
 * Which exercise a file answers, by its place: `NN-name/name.ts` wherever that lies, or a loose `name.ts`. Null when it is
 * none, lies in another exercise's folder, or in a folder that is not the student's own work.
 */
export function answerPlace(file: string, exercises: readonly Exercise[]): Place | null {
  const parts = file.toLowerCase().split('/')
  if (parts.slice(0, -1).some((part) => NOT_ANSWERS.includes(part) || part === '__macosx')) return null
  const base = parts.at(-1) as string
  const folder = parts.at(-2) ?? ''
  const depth = parts.length
  const [, stem = '', copy = '0'] = /^(.+?)(?:(?: \(|-)(\d+)\)?)?\.ts$/.exec(base) ?? []
  const one = exercises.find((exercise) => path.basename(exercise.file, '.ts') === stem)
  if (!one) return null
  if (folder === one.name)
    return { exercise: one.name, rank: parts.at(-3) === 'exercises' ? 0 : 1, depth, copy: Number(copy) }
  if (exercises.some((exercise) => exercise.name === folder)) return null
  return { exercise: one.name, rank: 2, depth, copy: Number(copy) }
}

/** For each exercise that something was handed in for, the file to judge. Nothing is guessed. */
export function pickAnswers(files: readonly HandedIn[], exercises: readonly Exercise[]): Map<string, Picked> {
  const placed = files.flatMap((file) => {
    const place = answerPlace(file.path, exercises)
    return place ? [{ file, ...place }] : []
  })
  const picked = new Map<string, Picked>()
  for (const { name } of exercises) {
    const candidates = placed.filter((one) => one.exercise === name).sort(better)
    const [best] = candidates
    if (!best) continue
    const rivals = candidates.filter((one) => better(one, best) === 0)
    const same = rivals.every((one) => one.file.bytes.equals(best.file.bytes))
    const paths = rivals.map((one) => one.file.path).join(' and ')
    picked.set(
      name,
      same
        ? { file: best.file, problem: null }
        : { file: null, problem: `there are different files: ${paths}` },
    )
  }
  return picked
}

type Candidate = Place & { file: HandedIn }

function better(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || b.file.order - a.file.order || b.copy - a.copy || a.depth - b.depth
}
