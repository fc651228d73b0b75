import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { judgingFiles } from '../exercise/check-files.ts'
import { filesHash } from '../exercise/files-hash.ts'
import type { Promised } from './promises.ts'

/** The rounds of earlier runs in which an answer kept its promise: what `verify --repeat N --resume` need not do again. */
export interface RoundsBefore {
  /** How many rounds were kept of this answer as it is now, on this broker. */
  count(promised: Promised): number
  keep(promised: Promised, seed: number): void
}

interface Line {
  exercise: string
  answer: string
  /** Hash of everything that a round judges. */
  content: string
  seed: number
  /** ISO 8601. */
  at: string
}

/**
 * Opens the rounds on one broker, JSON lines in `.workbook/verify/`. A round counts as long as the answer, its checks, its
 * scenes and the bookstore are what they were; the harness may have changed. A line that a crash has torn is left out.
 */
export function openRoundsBefore(root: string, broker: string): RoundsBefore {
  const file = path.join(root, '.workbook', 'verify', `${broker.replace(/[^\w.-]+/g, '-')}.jsonl`)
  const counts = new Map<string, number>()
  const add = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const { exercise, answer, content } of readLines(file)) add(`${exercise} ${answer} ${content}`)
  const contents = new Map<Promised, string>()
  const contentOf = (promised: Promised) => {
    const content = contents.get(promised) ?? hashOf(promised, root)
    contents.set(promised, content)
    return content
  }
  const keyOf = (promised: Promised) => `${promised.exercise.name} ${promised.name} ${contentOf(promised)}`
  return {
    count: (promised) => counts.get(keyOf(promised)) ?? 0,
    keep(promised, seed) {
      const line: Line = {
        exercise: promised.exercise.name,
        answer: promised.name,
        content: contentOf(promised),
        seed,
        at: new Date().toISOString(),
      }
      mkdirSync(path.dirname(file), { recursive: true })
      // A line end before it, too, so that a torn line before it takes nothing with it.
      appendFileSync(file, `\n${JSON.stringify(line)}\n`)
      add(keyOf(promised))
    },
  }
}

function readLines(file: string): Line[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return text === '' ? [] : [JSON.parse(text) as Line]
      } catch {
        return []
      }
    })
}

function hashOf({ exercise, answer }: Promised, root: string): string {
  return filesHash([answer.file, ...judgingFiles(exercise, root)])
}
