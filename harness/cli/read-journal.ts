import type { Entry, Journal } from '../progress/journal.ts'
import type { Screen } from './screen.ts'

/** The entries of a journal. What could not be read is told, and stops nothing. */
export function readJournal<E extends Entry>(screen: Screen, journal: Journal<E>): E[] {
  const { entries, setAside } = journal.read()
  if (setAside) screen.note(`A part of ${journal.file} could not be read. A copy of it is in ${setAside}.`)
  return entries
}
