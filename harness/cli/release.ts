import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { listExercises } from '../exercise/find.ts'
import { exercisesIn } from '../exercise/ranges.ts'
import { untrackedFiles } from '../grade/release/copied-files.ts'
import { writeStudentCopy } from '../grade/release/student-copy.ts'
import type { Invocation } from './command.ts'

/** Writes the copy of the workbook that students get: without answers, and without the keys of the quizzes. */
export async function run({ root, cwd, args, screen }: Invocation): Promise<number> {
  const [wanted, ...more] = args.positionals
  if (!wanted || more.length > 0)
    throw new WorkbookError(
      'Name one folder for the copy.',
      'For instance: npm run release -- ../kafka-students',
    )
  const folder = path.resolve(cwd, wanted)
  const open = exercisesIn(args.text('with-solutions'), listExercises(root))
  const quizKeys = args.flag('with-quiz-keys')
  const { files, searched } = writeStudentCopy(root, { folder, open, quizKeys })
  const opened = open.length > 0 ? open.map(({ number }) => number).join(' ') : 'none'
  const left = untrackedFiles(root)
  screen.print([
    `  ${files} files in ${folder}`,
    `  solutions: ${opened}`,
    quizKeys
      ? '  quizzes: with their keys, `npm run quiz` works'
      : '  quizzes: blank forms, `npm run quiz` says so (--with-quiz-keys gives the keys along)',
    `  searched for ${searched} texts of answers and keys that must not be there: found none`,
    ...left.map((name) => `  left here, git does not know it: ${name}`),
  ])
  return 0
}
