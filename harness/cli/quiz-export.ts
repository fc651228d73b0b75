import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { toBlank } from '../quiz/export/blank.ts'
import { toGift } from '../quiz/export/gift.ts'
import { toQti } from '../quiz/export/qti.ts'
import type { Refusal } from '../quiz/export/refusal.ts'
import type { Quiz } from '../quiz/question.ts'
import type { Invocation } from './command.ts'
import { writeNew } from './write-new.ts'

/** A quiz that was read without an error, and its file. */
interface Source {
  file: string
  quiz: Quiz
}

interface Exported {
  content: string | Buffer
  refused: Refusal[]
}

const FORMATS: Record<string, { ending: string; write(source: Source, seed: number): Exported }> = {
  blank: {
    ending: '.md',
    write: ({ file, quiz }, seed) => ({
      content: toBlank(readFileSync(file, 'utf8'), quiz.id, seed),
      refused: [],
    }),
  },
  gift: { ending: '.gift', write: ({ quiz }) => toGift(quiz) },
  qti: { ending: '.qti.zip', write: ({ quiz }, seed) => toQti(quiz, seed) },
}

const WHERE_ELSE = 'Take it away, or stand in another folder.'

/** Writes quizzes for elsewhere, one file each, into the folder that the learner stands in: `npm run quiz export NAME...`. */
export function exportQuizzes({ cwd, args, screen }: Invocation, sources: readonly Source[]): number {
  const name = args.flag('blank') ? 'blank' : (args.text('format') ?? 'blank')
  const format = FORMATS[name]
  if (!format) {
    throw new WorkbookError(`There is no format "${name}".`, `There are: ${Object.keys(FORMATS).join(', ')}`)
  }
  const targetOf = ({ quiz }: Source) =>
    path.join(cwd, `${quiz.id}.${name === 'blank' ? 'blank' : 'quiz'}${format.ending}`)
  refuseThere(sources.map(targetOf))
  for (const source of sources) {
    const { content, refused } = format.write(source, args.count('seed') ?? 1)
    const target = targetOf(source)
    writeNew(target, content, WHERE_ELSE)
    screen.print(path.relative(cwd, target))
    for (const { question, line, reason } of refused)
      screen.note(`  left out: ${question} (line ${line}): ${reason}`)
  }
  return 0
}

/** Before the first one is written: all of them, or none. */
function refuseThere(targets: readonly string[]): void {
  const there = targets.find((target) => existsSync(target))
  if (there !== undefined) throw new WorkbookError(`${there} is there already.`, WHERE_ELSE)
}
