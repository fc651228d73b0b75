import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'

/** One numbered folder of the book. Paths are absolute. */
export interface Exercise {
  /** `03-produce-event` */
  name: string
  /** `03` */
  number: string
  /** The file that the learner edits. */
  file: string
  checkFile: string
  /** Checks of an instructor, from another place. */
  extraCheckFiles?: string[]
  /** Null where the checks call the answer's functions themselves. */
  scenesFile: string | null
  /** Scenes for `npm run play` alone, where the checks need none. */
  playFile: string | null
  pageFile: string
  hintsFile: string
  /** The folder of its solutions; it may be missing in a student's copy. */
  solutionFolder: string
}

const FOLDER = /^(\d\d)-([a-z0-9-]+)$/

/** All exercises of the workbook at `root`, by number. */
export function listExercises(root: string): Exercise[] {
  const folder = path.join(root, 'exercises')
  if (!existsSync(folder)) {
    throw new WorkbookError(
      `There is no folder exercises/ in ${root}.`,
      'Run the command inside the workbook.',
    )
  }
  return readdirSync(folder)
    .filter((name) => FOLDER.test(name))
    .sort()
    .map((name) => exerciseAt(root, name))
}

function exerciseAt(root: string, name: string): Exercise {
  const [, number = '', base = ''] = FOLDER.exec(name) ?? []
  const folder = path.join(root, 'exercises', name)
  const scenesFile = path.join(folder, `${base}.scenes.ts`)
  const playFile = path.join(folder, `${base}.play.ts`)
  return {
    name,
    number,
    file: path.join(folder, `${base}.ts`),
    checkFile: path.join(folder, `${base}.check.ts`),
    scenesFile: existsSync(scenesFile) ? scenesFile : null,
    playFile: existsSync(playFile) ? playFile : null,
    pageFile: path.join(folder, 'README.md'),
    hintsFile: path.join(folder, 'hints.md'),
    solutionFolder: path.join(root, 'solutions', name),
  }
}

/**
 * The exercise that a learner means by `wanted`: `03`, `3`, `produce-event`, `produce`, `03-produce-event`, or any path
 * inside its folder. Throws a WorkbookError when none or more than one fits.
 */
export function findExercise(exercises: Exercise[], wanted: string): Exercise {
  const found = matching(exercises, wanted)
  if (found.length === 1) return found[0] as Exercise
  if (found.length > 1) {
    const names = found.map((one) => one.name).join(', ')
    throw new WorkbookError(
      `"${wanted}" fits more than one exercise: ${names}.`,
      `Give its number, for instance: npm test ${found[0]?.number}`,
    )
  }
  const nearest = nearestExercise(exercises, wanted)
  throw new WorkbookError(
    `There is no exercise "${wanted}".`,
    nearest ? `Did you mean ${nearest.name}? All of them: npm run list` : 'All exercises: npm run list',
  )
}

function matching(exercises: Exercise[], wanted: string): Exercise[] {
  const text = wanted.toLowerCase().replaceAll('\\', '/')
  if (/^\d+$/.test(text)) return exercises.filter((one) => Number(one.number) === Number(text))
  const folders = text.split('/')
  const named = exercises.filter((one) => folders.includes(one.name))
  if (named.length > 0) return named
  const exact = exercises.filter((one) => one.name.slice(3) === text)
  if (exact.length > 0) return exact
  return text.length < 2 ? [] : exercises.filter((one) => one.name.includes(text))
}

/** The exercise whose name takes the fewest edits to reach, when that is few enough to be a typing error. */
function nearestExercise(exercises: Exercise[], wanted: string): Exercise | undefined {
  if (/^\d+$/.test(wanted)) {
    const distance = (one: Exercise) => Math.abs(Number(one.number) - Number(wanted))
    return [...exercises].sort((a, b) => distance(a) - distance(b))[0]
  }
  const text = wanted.toLowerCase()
  const ranked = exercises
    .map((one) => ({ one, edits: Math.min(edits(text, one.name), edits(text, one.name.slice(3))) }))
    .sort((a, b) => a.edits - b.edits)
  const best = ranked[0]
  return best && best.edits <= Math.max(2, Math.floor(text.length / 2)) ? best.one : undefined
}

/** Levenshtein distance. */
export function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}

/** Whether an exercise needs no broker: its functions are called, or scenes drive them, and nothing goes over the wire. */
export function isPure(exercise: Exercise): boolean {
  return exercise.scenesFile === null || readPage(exercise).kind === 'pure'
}

/** What the first lines of an exercise's page say. */
export interface Page {
  /** Without the number: `One record, done properly`. */
  title: string
  objective: string
  kind: string
  minutes: number
}

/** Reads title and front lines of a page. Missing parts come out empty; `verify` complains about them. */
export function readPage(exercise: Exercise): Page {
  const text = existsSync(exercise.pageFile) ? readFileSync(exercise.pageFile, 'utf8').slice(0, 4000) : ''
  const line = (name: string) => new RegExp(`^${name}:\\s*(.+?)\\s*$`, 'm').exec(text)?.[1] ?? ''
  return {
    title: /^#\s+(?:\d\d\s*·\s*)?(.+?)\s*$/m.exec(text)?.[1] ?? '',
    objective: line('Objective'),
    kind: line('Kind'),
    minutes: Number(line('Minutes')) || 0,
  }
}
