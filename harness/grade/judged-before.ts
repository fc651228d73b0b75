import { judgingFiles } from '../exercise/check-files.ts'
import { filesHash } from '../exercise/files-hash.ts'
import type { Exercise } from '../exercise/find.ts'
import { Journal } from '../progress/journal.ts'
import type { ExerciseResult } from '../result.ts'

/** What a judgement depends on beside the answer: the same again gives the same result. */
export interface Conditions {
  workbook: string
  broker: string
  seed: number
  mode: string
}

interface Judged {
  kind: 'judged'
  at: string
  key: string
  result: ExerciseResult
}

/**
 * What was judged before in this output folder, in `.workbook/judged.jsonl`: one line for each text and exercise, on the
 * disk as soon as it is known. So a run that was killed goes on where it was, and a second one judges what is new.
 */
export class JudgedBefore {
  private readonly journal: Journal<Judged>
  private readonly results = new Map<string, ExerciseResult>()
  private readonly conditions: Conditions
  private readonly contents = new Map<string, string>()
  private readonly root: string

  constructor(root: string, output: string, conditions: Conditions) {
    this.root = root
    this.conditions = conditions
    this.journal = new Journal<Judged>(output, 'judged')
    for (const { key, result } of this.journal.read().entries) this.results.set(key, result)
  }

  get(exercise: Exercise, hash: string): ExerciseResult | undefined {
    return this.results.get(this.keyOf(exercise, hash))
  }

  /** Throws a WorkbookError when the disk does not take it. */
  keep(exercise: Exercise, hash: string, result: ExerciseResult): void {
    const key = this.keyOf(exercise, hash)
    this.results.set(key, result)
    this.journal.append({ kind: 'judged', at: new Date().toISOString(), key, result })
  }

  private keyOf(exercise: Exercise, hash: string): string {
    const { workbook, broker, seed, mode } = this.conditions
    const content = this.contents.get(exercise.name) ?? contentOf(exercise, this.root)
    this.contents.set(exercise.name, content)
    return [exercise.name, hash, content, workbook, broker, seed, mode].join(' ')
  }
}

/** A hash of the checks, the scenes and the bookstore: a corrected check makes every mark of its exercise anew. */
function contentOf(exercise: Exercise, root: string): string {
  return filesHash(judgingFiles(exercise, root))
}
