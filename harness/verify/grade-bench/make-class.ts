import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { answerIds, shippedAnswer, solutionOf } from '../../exercise/answer.ts'
import { type Exercise, findExercise, listExercises } from '../../exercise/find.ts'
import { pristineStub } from '../../exercise/pristine.ts'
import { zipOf } from '../../quiz/export/zip.ts'
import { BENCH_EXERCISES, CLASS_TABLE, HOSTILE, type Row } from './class-table.ts'

/** One submission that was made: the student's id in grades.json, and the marks that it must get. */
export interface Made {
  id: string
  marks: Row['marks']
}

interface NamedText {
  name: string
  text: string
}

/**
 * Makes `count` submissions in a folder, the rows of the table over and over. No two have the same bytes, so that each is
 * judged for itself.
 */
export async function makeClass(root: string, folder: string, count: number): Promise<Made[]> {
  const all = listExercises(root)
  const exercises = BENCH_EXERCISES.map((name) => findExercise(all, name))
  mkdirSync(folder, { recursive: true })
  const made: Made[] = []
  for (let n = 0; n < count; n++) {
    const row = CLASS_TABLE[n % CLASS_TABLE.length] as Row
    const student = `student ${String(n + 1).padStart(3, '0')}`
    const files = row.handed.flatMap((handed, at): NamedText[] => {
      const exercise = exercises[at] as Exercise
      const text = handed && `${textOf(exercise, handed, root)}\n// handed in by ${student}\n`
      return text ? [{ name: `${exercise.name}/${path.basename(exercise.file)}`, text }] : []
    })
    made.push({ id: await put(folder, student, n + 1, row, files), marks: row.marks })
  }
  return made
}

function textOf(exercise: Exercise, handed: string, root: string): string {
  const hostile = HOSTILE[handed]
  if (hostile !== undefined) return hostile
  if (handed === 'stub') return pristineStub(exercise, root)
  if (handed === 'solution') return readFileSync(solutionOf(exercise).file, 'utf8')
  const kind = answerIds(exercise, 'alternatives').includes(handed) ? 'alternative' : 'mistake'
  return readFileSync(shippedAnswer(exercise, kind, handed).file, 'utf8')
}

/** Puts the files of a student into the class as the row says, and returns the student's id. */
async function put(
  folder: string,
  student: string,
  number: number,
  { packing, broken }: Row,
  files: readonly NamedText[],
): Promise<string> {
  const id = student.replace(' ', '-')
  if (packing === 'zip') {
    const out = broken === 'leads out' ? [{ name: '../../outside.ts', text: '' }] : []
    const bytes = zipOf([...files, ...out])
    writeFileSync(path.join(folder, `${student}.zip`), broken === 'half' ? bytes.subarray(0, 999) : bytes)
    return id
  }
  if (packing === 'tar.gz') {
    writeFileSync(path.join(folder, `${student}.tar.gz`), await tarGzOf(files, broken === 'link'))
    return id
  }
  if (packing === 'canvas') {
    const name = student.replace(' ', '')
    for (const [at, file] of files.entries())
      writeFileSync(path.join(folder, `${name}_${number}_${at + 1}_${path.basename(file.name)}`), file.text)
    return `${name}-${number}`
  }
  const inside = packing === 'moodle' ? `${student}_${number}_assignsubmission_file_` : student
  for (const { name, text } of files) {
    const file = path.join(folder, inside, ...name.split('/'))
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return packing === 'moodle' ? `${id}-${number}` : id
}

function tarGzOf(files: readonly NamedText[], asLinks: boolean): Promise<Buffer> {
  const packing = pack()
  for (const { name, text } of files) {
    if (asLinks) packing.entry({ name, type: 'symlink', linkname: '/etc/hostname' })
    else packing.entry({ name }, text)
  }
  packing.finalize()
  return buffer(packing as unknown as NodeJS.ReadableStream).then((bytes) => gzipSync(bytes))
}
