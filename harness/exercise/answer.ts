import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { pathInside } from '../path-inside.ts'
import type { AnswerIdentity } from '../result.ts'
import { textHash } from '../text-hash.ts'
import type { Exercise } from './find.ts'

/** An answer to judge: where it lies, and what it is to the workbook. */
export interface Answer {
  kind: AnswerIdentity['kind']
  /** Absolute path. */
  file: string
}

/** Ids of the files in one of the solution's folders: `alternatives` or `mistakes`. */
export function answerIds(exercise: Exercise, folder: 'alternatives' | 'mistakes'): string[] {
  const place = path.join(exercise.solutionFolder, folder)
  if (!existsSync(place)) return []
  return readdirSync(place)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3))
    .sort()
}

/** The shipped solution of an exercise. */
export function solutionOf(exercise: Exercise): Answer {
  return { kind: 'solution', file: path.join(exercise.solutionFolder, path.basename(exercise.file)) }
}

/** A shipped alternative or mistake. */
export function shippedAnswer(exercise: Exercise, kind: 'alternative' | 'mistake', id: string): Answer {
  return { kind, file: path.join(exercise.solutionFolder, `${kind}s`, `${id}.ts`) }
}

/**
 * The answer that `--answer WANTED` means: nothing (the learner's own file), `solution`, the id of an alternative or
 * of a mistake, a file, or a folder laid out like exercises/. Paths are relative to `cwd`. The file is sure to exist.
 */
export function findAnswer(exercise: Exercise, wanted: string | undefined, cwd: string): Answer {
  if (wanted === undefined) return existing({ kind: 'exercise', file: exercise.file }, exercise, cwd)
  if (wanted === 'solution') return existing(solutionOf(exercise), exercise, cwd)
  if (answerIds(exercise, 'alternatives').includes(wanted))
    return shippedAnswer(exercise, 'alternative', wanted)
  if (answerIds(exercise, 'mistakes').includes(wanted)) return shippedAnswer(exercise, 'mistake', wanted)
  const place = path.resolve(cwd, wanted)
  if (!existsSync(place)) {
    throw new WorkbookError(
      `There is no answer "${wanted}" for ${exercise.name}.`,
      'Give "solution", the id of an alternative or a mistake, a file, or a folder laid out like exercises/.',
    )
  }
  if (!statSync(place).isDirectory()) return { kind: kindOf(exercise, place), file: place }
  const file = path.join(place, exercise.name, path.basename(exercise.file))
  return existing({ kind: kindOf(exercise, file), file }, exercise, cwd)
}

function existing(answer: Answer, exercise: Exercise, cwd: string): Answer {
  if (existsSync(answer.file)) return answer
  const where = path.relative(cwd, answer.file)
  if (answer.kind === 'exercise') {
    throw new WorkbookError(
      `${where} is missing.`,
      `Bring it back: npm run undo ${exercise.number}, or the stub: npm run reset ${exercise.number}`,
    )
  }
  if (answer.kind === 'solution') throw noSolution(exercise, where)
  throw new WorkbookError(
    `There is no answer to ${exercise.name} at ${where}.`,
    'Check the path, or give a single file.',
  )
}

/** What to say where no solution is shipped: a student's copy may get it later. `where` is the place for it. */
export function noSolution(exercise: Exercise, where: string): WorkbookError {
  return new WorkbookError(
    `This copy of the workbook has no solution of ${exercise.name}.`,
    `It will be in ${where} when your teacher opens it.`,
  )
}

function kindOf(exercise: Exercise, file: string): Answer['kind'] {
  if (file === exercise.file) return 'exercise'
  const inside = path.relative(exercise.solutionFolder, file).split(path.sep)
  if (inside[0] === 'alternatives') return 'alternative'
  if (inside[0] === 'mistakes') return 'mistake'
  return inside.length === 1 && inside[0] === path.basename(exercise.file) ? 'solution' : 'file'
}

/** What a result says of the answer that was judged. */
export function identify(answer: Answer, root: string): AnswerIdentity {
  return {
    kind: answer.kind,
    path: pathInside(root, answer.file) ?? answer.file.split(path.sep).join('/'),
    hash: textHash(readFileSync(answer.file, 'utf8')),
  }
}
