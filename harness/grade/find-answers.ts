import path from 'node:path'
import type { Exercise } from '../exercise/find.ts'

/** A file of a submission that is an answer by its name. */
export interface HandedIn {
  /** Inside the submission, with forward slashes; an archive's name stands before that of its file. */
  path: string
  /** Inside the folder or the archive that it lies in. */
  inside: string
  bytes: Buffer
}

/** The answers of one thing that was handed in: a folder, an archive, a loose file. */
export interface HandedTogether {
  files: readonly HandedIn[]
  /** Where the system numbers what is handed in, the higher is the younger. */
  order: number
}

/** The answer to one exercise, or why a human has to choose. */
export type Picked = { file: HandedIn; problem: null } | { file: null; problem: string }

/** Folders, in lower case, that may be in a copy of the workbook and hold nothing to judge. */
const NOT_ANSWERS = ['node_modules', '.git', '.workbook', 'solutions', 'harness', '__macosx']

/** Beside the answers in `exercises/`, and `vitest.config.ts`. */
const OF_THE_COPY = /^(?:bookstore|[a-z-]+\.[a-z-]+)\.ts$/

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
  if (parts.slice(0, -1).some((part) => NOT_ANSWERS.includes(part))) return null
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

/**
 * Whether a file may have been meant as an answer, although its name or place is that of none: `exercise 05.ts`,
 * `produce-event.ts.txt`. What the copy for students holds itself is none.
 */
export function isStray(file: string, exercises: readonly Exercise[]): boolean {
  const parts = file.split('/')
  if (parts.slice(0, -1).some((part) => NOT_ANSWERS.includes(part.toLowerCase()))) return false
  const base = parts.at(-1) as string
  if (!/^[^.].*\.[cm]?[jt]sx?(?:\.txt)?$/i.test(base) || OF_THE_COPY.test(base)) return false
  return answerPlace(file, exercises) === null
}

/**
 * For each exercise that something was handed in for, the file to judge: in each thing that was handed in the one in the
 * best place, and of several things the youngest. Where that leaves different texts, nothing is guessed.
 */
export function pickAnswers(
  handed: readonly HandedTogether[],
  exercises: readonly Exercise[],
): Map<string, Picked> {
  const picked = new Map<string, Picked>()
  for (const { name } of exercises) {
    const best = handed.flatMap(({ files, order }) => {
      const inBestPlace = bestPlaced(files, name, exercises)
      return inBestPlace.length > 0 ? [{ files: inBestPlace, order }] : []
    })
    const youngest = Math.max(...best.map(({ order }) => order))
    const left = best.filter(({ order }) => order === youngest).flatMap(({ files }) => files)
    const [first] = left
    if (!first) continue
    const different = left.filter(({ bytes }) => !bytes.equals(first.bytes))
    const paths = [first, ...different].map((file) => file.path).join(' and ')
    picked.set(
      name,
      different.length > 0
        ? { file: null, problem: `there are different files: ${paths}` }
        : { file: first, problem: null },
    )
  }
  return picked
}

function bestPlaced(files: readonly HandedIn[], name: string, exercises: readonly Exercise[]): HandedIn[] {
  const placed = files.flatMap((file) => {
    const place = answerPlace(file.inside, exercises)
    return place?.exercise === name ? [{ file, place }] : []
  })
  const [best] = placed.sort((a, b) => better(a.place, b.place))
  return placed.filter(({ place }) => best && better(place, best.place) === 0).map(({ file }) => file)
}

function better(a: Place, b: Place): number {
  return a.rank - b.rank || b.copy - a.copy || a.depth - b.depth
}
