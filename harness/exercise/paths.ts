import { WorkbookError } from '../errors.ts'
import { type LearnerEntry, pathTaken } from '../progress/learner.ts'
import { type Exercise, readPage } from './find.ts'

/** A way through the book. */
export interface CoursePath {
  /** `two hours`, as a learner names it. */
  name: string
  /** Whom it is for, after "for". */
  audience: string
  /** Numbers of exercises, in the order of the book; all of them when it is left out. */
  numbers?: readonly string[]
  /** The quiz that goes with it. */
  quiz?: string
}

export const WHOLE_BOOK: CoursePath = {
  name: 'whole book',
  audience: 'everybody who will run Kafka for others',
}

/** The ways through the book. The times in the names are those of a class with a teacher. */
export const PATHS: readonly CoursePath[] = [
  {
    name: 'two hours',
    audience: 'a first class, or an evening or two alone',
    numbers: ['01', '03', '04', '05', '08', '11', '13'],
  },
  {
    name: 'practice',
    audience: 'practice after a lecture: 90 minutes, with 02 and 04 at home',
    numbers: ['02', '03', '04', '08', '12', '13'],
  },
  {
    name: 'day 30',
    audience: 'those who know the words, and want to think things through',
    numbers: ['05', '09', '10', '13', '16', '23'],
    quiz: 'concepts',
  },
  {
    name: 'one day',
    audience: 'a workshop',
    numbers: '01 02 03 04 05 07 08 09 10 12 13 14 16 17 23'.split(' '),
  },
  WHOLE_BOOK,
]

/** The path that a learner means: `two hours`, `two-hours`, `Two Hours`; undefined when none has that name. */
export function findPath(wanted: string): CoursePath | undefined {
  const name = wanted
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim()
  return PATHS.find((one) => one.name === name)
}

/** The path that `--path` names. Throws a WorkbookError when there is none of that name. */
export function pathNamed(wanted: string): CoursePath {
  const path = findPath(wanted)
  if (path) return path
  const names = PATHS.map(({ name }) => name.replaceAll(' ', '-')).join(', ')
  throw new WorkbookError(`There is no path "${wanted}".`, `Paths through the book: ${names}`)
}

/** The path that the learner took last; the whole book before that, and where no path has that name any more. */
export function pathOf(entries: readonly LearnerEntry[]): CoursePath {
  return findPath(pathTaken(entries) ?? '') ?? WHOLE_BOOK
}

/** `01 03 04`, or `all`. */
export function numbersOn({ numbers }: CoursePath): string {
  return numbers?.join(' ') ?? 'all'
}

/** The exercises of a path that there are. */
export function exercisesOn(path: CoursePath, exercises: readonly Exercise[]): Exercise[] {
  if (!path.numbers) return [...exercises]
  return path.numbers.flatMap((number) => exercises.find((one) => one.number === number) ?? [])
}

/** The exercise that comes after one on a path, also after one that is not on it; null after the last. */
export function nextOn(
  path: CoursePath,
  exercises: readonly Exercise[],
  { number }: Exercise,
): Exercise | null {
  return exercisesOn(path, exercises).find((one) => one.number > number) ?? null
}

/** Minutes that the pages of a path name: somebody alone, who reads everything. */
export function minutesOf(path: CoursePath, exercises: readonly Exercise[]): number {
  return exercisesOn(path, exercises).reduce((sum, one) => sum + readPage(one).minutes, 0)
}

/** `3 h 45 min` */
export function hoursAndMinutes(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''].filter(Boolean).join(' ')
}
