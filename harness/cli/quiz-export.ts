import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { toBlank } from '../quiz/export/blank.ts'
import { toGift } from '../quiz/export/gift.ts'
import { toQti } from '../quiz/export/qti.ts'
import type { Refusal } from '../quiz/export/refusal.ts'
import { readQuizFile } from '../quiz/read-file.ts'
import type { Invocation } from './command.ts'

/** What an export needs to know of a quiz file. */
interface Source {
  file: string
  id: string
  seed: number
}

interface Exported {
  content: string | Buffer
  refused: Refusal[]
}

const FORMATS: Record<string, { ending: string; write(source: Source): Exported }> = {
  blank: {
    ending: '.md',
    write: ({ file, id, seed }) => ({ content: toBlank(readFileSync(file, 'utf8'), id, seed), refused: [] }),
  },
  gift: { ending: '.gift', write: ({ file }) => toGift(readQuizFile(file).quiz) },
  qti: { ending: '.qti.zip', write: ({ file, seed }) => toQti(readQuizFile(file).quiz, seed) },
}

/** Writes quizzes for elsewhere, one file each, into the folder that the learner stands in: `npm run quiz export NAME...`. */
export function exportQuizzes({ cwd, args, screen }: Invocation, files: readonly string[]): number {
  const name = args.flag('blank') ? 'blank' : (args.text('format') ?? 'blank')
  const format = FORMATS[name]
  if (!format) {
    throw new WorkbookError(`There is no format "${name}".`, `There are: ${Object.keys(FORMATS).join(', ')}`)
  }
  for (const file of files) {
    const id = path.basename(file, '.md')
    const { content, refused } = format.write({ file, id, seed: args.count('seed') ?? 1 })
    const target = path.join(cwd, `${id}.${name === 'blank' ? 'blank' : 'quiz'}${format.ending}`)
    writeNew(target, content)
    screen.print(path.relative(cwd, target))
    for (const { question, line, reason } of refused)
      screen.note(`  left out: ${question} (line ${line}): ${reason}`)
  }
  return 0
}

/** Never over a file that is there. */
function writeNew(target: string, content: string | Buffer): void {
  try {
    writeFileSync(target, content, { flag: 'wx' })
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const why = isThere ? 'is there already' : `cannot be written: ${(error as Error).message}`
    throw new WorkbookError(`${target} ${why}.`, 'Take it away, or stand in another folder.')
  }
}
