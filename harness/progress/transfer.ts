import { WorkbookError } from '../errors.ts'
import { type Entry, Journal } from './journal.ts'

/** The journals that a learner takes along to another machine. */
const JOURNALS = ['learner', 'quiz'] as const
type JournalName = (typeof JOURNALS)[number]

/** What `progress export` writes. The texts of answers are not in it: they travel as files, as always. */
export interface Exported {
  schemaVersion: 1
  journals: Record<JournalName, Entry[]>
}

/** All that the learner has done on this machine. */
export function exportProgress(root: string): Exported {
  return {
    schemaVersion: 1,
    journals: { learner: entriesOf(root, 'learner'), quiz: entriesOf(root, 'quiz') },
  }
}

/**
 * Adds what is not known here yet, by its whole text; returns how many entries were new. Twice is as good as once, and which
 * machine takes from which makes no difference. Throws a WorkbookError when it is no export, before anything is added.
 */
export function importProgress(root: string, text: string): Record<JournalName, number> {
  const { journals } = readExported(text)
  const added = { learner: 0, quiz: 0 }
  for (const name of JOURNALS) {
    const known = new Set(entriesOf(root, name).map((entry) => JSON.stringify(entry)))
    const fresh = journals[name].filter((entry) => !known.has(JSON.stringify(entry)))
    if (fresh.length > 0) new Journal(root, name).append(...fresh)
    added[name] = fresh.length
  }
  return added
}

function entriesOf(root: string, name: JournalName): Entry[] {
  return new Journal(root, name).read().entries
}

function readExported(text: string): Exported {
  try {
    const { schemaVersion, journals } = JSON.parse(text) as Exported
    if (schemaVersion === 1 && JOURNALS.every((name) => journals[name].every(isEntry))) {
      return { schemaVersion, journals }
    }
  } catch {}
  throw new WorkbookError(
    'This is no progress that the workbook has exported. Nothing was taken over.',
    'Write the file on the other machine:  npm run progress export FILE',
  )
}

function isEntry({ kind, at }: Entry): boolean {
  return typeof kind === 'string' && !Number.isNaN(Date.parse(at)) && at.endsWith('Z')
}
