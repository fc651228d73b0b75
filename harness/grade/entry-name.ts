import path from 'node:path'
import type { Exercise } from '../exercise/find.ts'

/** What the name of a file or folder in a class's download says about whose it is. */
export interface EntryName {
  system: 'moodle' | 'canvas' | 'gradescope' | 'plain'
  /** Equal for all entries of one student, whatever the case of the letters. */
  key: string
  /** As the download writes it. */
  name: string
  /** The number that the system gave; empty where names are all there is. */
  systemId: string
  /**
   * For a loose file, and for an archive of Moodle or Canvas: its own name, without what stands before it. Null for folders
   * and all other archives.
   */
  inner: string | null
  /** `ada (2).zip`, `ada-attempt2`: a higher one replaces the lower ones. */
  attempt: number
  /** Canvas numbers every file that is handed in; of two with one name, the higher is the younger. */
  order: number
  late: boolean
}

// "Ada Lovelace_4711_assignsubmission_file_", and without folders "..._file_answers.zip".
const MOODLE = /^(?<name>.+)_(?<id>\d+)_assignsubmission_[a-z]+(?:_(?<inner>.*))?$/
// "lovelaceada_LATE_4711_98765_answers.zip"; letters of the name only, in lower case.
const CANVAS = /^(?<name>[^_]+)_(?<late>LATE_)?(?<id>\d+)_(?<order>\d+)_(?<inner>.+)$/
// "submission_98765"; the names stand in submission_metadata.yml beside it.
const GRADESCOPE = /^submission_(?<id>\d+)$/
const ATTEMPT = /(?: \((?<copy>\d+)\)|[-_ ](?:attempt|try|version|v)[-_ ]?(?<attempt>\d+))$/i
const ARCHIVE = /\.(?:zip|tar|tar\.gz|tgz)$/i

/** Whether a file is an archive that can be opened. */
export function isArchive(name: string): boolean {
  return ARCHIVE.test(name)
}

/** Reads the name of a folder, an archive or a loose file as the download of a course system writes it. */
export function readEntryName(entry: string, isFolder: boolean, exercises: readonly Exercise[]): EntryName {
  const text = entry.normalize('NFC')
  return (
    moodleName(text, isFolder) ??
    (isFolder ? null : canvasName(text)) ??
    gradescopeName(text) ??
    plainName(text, isFolder, exercises)
  )
}

function moodleName(text: string, isFolder: boolean): EntryName | null {
  const { name, id, inner } = MOODLE.exec(text)?.groups ?? {}
  if (!name || !id) return null
  const loose = isFolder || !inner ? null : inner
  return { ...empty('moodle', `moodle ${id}`, name), systemId: id, inner: loose }
}

function canvasName(text: string): EntryName | null {
  const { name, late, id, order, inner } = CANVAS.exec(text)?.groups ?? {}
  if (!name || !id || !inner) return null
  const known = { systemId: id, inner, order: Number(order), late: late !== undefined }
  return { ...empty('canvas', `canvas ${id}`, name), ...known }
}

function gradescopeName(text: string): EntryName | null {
  const id = GRADESCOPE.exec(text)?.groups?.id
  return id ? { ...empty('gradescope', `gradescope ${id}`, text), systemId: id } : null
}

function plainName(text: string, isFolder: boolean, exercises: readonly Exercise[]): EntryName {
  const whole = isFolder ? text : text.replace(ARCHIVE, '')
  const loose = isFolder || isArchive(text) ? null : looseAnswer(whole, exercises)
  const named = loose?.student ?? whole
  const groups = ATTEMPT.exec(named)?.groups
  const name = named.replace(ATTEMPT, '').trim() || named
  const attempt = Number(groups?.attempt ?? groups?.copy ?? loose?.copy ?? 0)
  return { ...empty('plain', `plain ${name.toLowerCase()}`, name), inner: loose?.file ?? null, attempt }
}

/** `ada_produce-event.ts`, `ada-produce-event (1).ts`: a student's name before an answer's. */
function looseAnswer(text: string, exercises: readonly Exercise[]) {
  const stem = /^(?<stem>.*?)(?: \((?<copy>\d+)\))?\.ts$/i.exec(text)?.groups
  if (!stem?.stem) return null
  for (const { file } of exercises) {
    const base = path.basename(file, '.ts')
    const before = stem.stem.slice(0, -base.length)
    if (!stem.stem.toLowerCase().endsWith(base) || !/[^-_. ][-_. ]$/.test(before)) continue
    return { student: before.slice(0, -1), file: `${base}.ts`, copy: stem.copy }
  }
  return null
}

function empty(system: EntryName['system'], key: string, name: string): EntryName {
  return { system, key, name, systemId: '', inner: null, attempt: 0, order: 0, late: false }
}
