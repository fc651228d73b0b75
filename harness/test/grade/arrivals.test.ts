import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { findArrivals } from '../../grade/arrivals.ts'
import { type HandIn, readHandIn } from '../../grade/hand-in.ts'
import { zip } from './make-archives.ts'
import { EXERCISES, ROOT } from './shipped-exercises.ts'

const base = mkdtempSync(path.join(tmpdir(), 'wb-arrivals-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

let folder: string
let count = 0
beforeEach(() => {
  count += 1
  folder = path.join(base, `class-${count}`)
})

const EVENT = '03-produce-event/produce-event.ts'
const exercises = EXERCISES.filter(({ number }) => ['03', '05'].includes(number))

function put(name: string, content: string | Buffer): void {
  const file = path.join(folder, ...name.split('/'))
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
}

const arrivals = () => findArrivals(folder, path.join(base, `stage-${count}`), exercises)

/** By student: the path of the answer that is judged, `-` for none, or why a human has to look. */
async function handedIn(): Promise<Record<string, string[]>> {
  const { submissions } = await arrivals()
  const options = { root: ROOT, stage: path.join(base, `stage-${count}`) }
  const read: HandIn[] = []
  for (const one of submissions) read.push(await readHandIn(one, exercises, options))
  return Object.fromEntries(
    read.map(({ submission, answers }) => [
      submission.id,
      answers.map((one) => (one.kind === 'file' ? one.path : one.kind === 'missing' ? '-' : one.reason)),
    ]),
  )
}

describe('who has handed something in', () => {
  test('folders, clones, archives and loose files; what is nobody’s is named', async () => {
    put(`ada/exercises/${EVENT}`, 'a')
    put('ada/.git/HEAD', 'ref: refs/heads/main')
    put('bob.zip', zip({ [EVENT]: 'b' }))
    put('Cleo Ray_12_assignsubmission_file_/produce-event.ts', 'c')
    put('dandan_LATE_34_567_produce-event-1.ts', 'd')
    put('eve_produce-event.ts', 'e')
    put('readme.txt', 'x')
    put('fay_homework.ts', 'x')
    put('.DS_Store', 'x')
    put('__MACOSX/ada/produce-event.ts', 'x')
    const { submissions, notRecognised } = await arrivals()
    expect(submissions.map(({ id, late }) => [id, late])).toEqual([
      ['ada', false],
      ['bob', false],
      ['cleo-ray-12', false],
      ['dandan-34', true],
      ['eve', false],
    ])
    expect(notRecognised.map(({ name }) => name)).toEqual(['fay_homework.ts', 'readme.txt'])
    expect(await handedIn()).toEqual({
      ada: [`exercises/${EVENT}`, '-'],
      bob: [`bob.zip/${EVENT}`, '-'],
      'cleo-ray-12': ['produce-event.ts', '-'],
      'dandan-34': ['produce-event-1.ts', '-'],
      eve: ['produce-event.ts', '-'],
    })
  })

  test('of several attempts the newest counts, and the others are named', async () => {
    put(`ada/${EVENT}`, 'first')
    put('ada (2).zip', zip({ [EVENT]: 'second' }))
    put(`ada-attempt3/${EVENT}`, 'third')
    const { submissions } = await arrivals()
    expect(submissions).toMatchObject([{ id: 'ada', notes: ['older attempts left aside: ada, ada (2).zip'] }])
    expect(submissions[0]?.sources.map(({ file }) => path.basename(file))).toEqual(['ada-attempt3'])
  })

  test('all files that Canvas has of one student are one submission; of two versions the younger counts', async () => {
    put('adaada_1_20_produce-event.ts', 'old')
    put('adaada_1_21_produce-event-1.ts', 'new')
    put('adaada_1_22_partition-for-key.ts', 'p')
    expect(await handedIn()).toEqual({ 'adaada-1': ['produce-event-1.ts', 'partition-for-key.ts'] })
  })

  test('twins: two students of one name stay two, and both are told', async () => {
    put('Ada Ray_1_assignsubmission_file_/produce-event.ts', 'a')
    put('Ada Ray_2_assignsubmission_file_/produce-event.ts', 'b')
    const { submissions } = await arrivals()
    const note = '2 students have this name; the number tells them apart'
    expect(submissions).toMatchObject([
      { id: 'ada-ray-1', notes: [note] },
      { id: 'ada-ray-2', notes: [note] },
    ])
  })

  test('twins: one name as a folder and as an archive is for a human, unless both say the same', async () => {
    put(`ada/${EVENT}`, 'one')
    put('Ada.zip', zip({ [EVENT]: 'another', '05-partition-for-key/partition-for-key.ts': 'p' }))
    const found = await handedIn()
    expect(found.ada?.[0]).toMatch(/^there are different files: /)
    expect(found.ada?.[1]).toBe('Ada.zip/05-partition-for-key/partition-for-key.ts')
  })

  test('an export of Gradescope, with the names from its metadata', async () => {
    put('assignment_9_export/submission_7/produce-event.ts', 'g')
    const names = "submission_7:\n  :submitters:\n  - :name: Ada Ray\n    :sid: '0815'\n"
    put('assignment_9_export/submission_metadata.yml', names)
    expect((await arrivals()).submissions).toMatchObject([
      { id: 'ada-ray-0815', name: 'Ada Ray', systemId: '0815' },
    ])
  })

  test('a whole class in one archive, with a folder around it', async () => {
    put('class.zip', zip({ [`class/ada/${EVENT}`]: 'a', [`class/bob/${EVENT}`]: 'b' }))
    folder = path.join(folder, 'class.zip')
    expect(Object.keys(await handedIn())).toEqual(['ada', 'bob'])
  })

  test.each(['', 'class/'])('an archive of a class, in which not all have an answer (%j)', async (around) => {
    const files = { [`ada/${EVENT}`]: 'a', 'bob/pages/essay.pdf': 'b', 'cleo.rar': 'c' }
    const named = Object.entries(files).map(([name, text]) => [`${around}${name}`, text] as const)
    put('class.zip', zip({ ...Object.fromEntries(named), '__MACOSX/dan/x': 'x', 'node_modules/x/y': 'x' }))
    folder = path.join(folder, 'class.zip')
    const { submissions, notRecognised } = await arrivals()
    expect(submissions.map(({ id }) => id)).toEqual(['ada', 'bob'])
    expect(notRecognised.map(({ name }) => name)).toEqual(['cleo.rar'])
  })

  test('a folder with answers right in it is one submission', async () => {
    put('exercises/03-produce-event/produce-event.ts', 'a')
    put('README.md', 'x')
    expect((await arrivals()).submissions).toMatchObject([{ id: path.basename(folder) }])
  })

  test('a lost file at the top of a class is nobody’s, and the class stays one', async () => {
    put('produce-event.ts', 'lost')
    put(`ada/${EVENT}`, 'a')
    put('bob.zip', zip({ [EVENT]: 'b' }))
    const { submissions, notRecognised } = await arrivals()
    expect(submissions.map(({ id }) => id)).toEqual(['ada', 'bob'])
    expect(notRecognised).toEqual([
      { name: 'produce-event.ts', reason: 'an answer, and no name before it says whose' },
    ])
  })

  test('loose answers with a folder that has none are one submission', async () => {
    put('produce-event.ts', 'a')
    put('partition-for-key.ts', 'p')
    put('notes/thoughts.md', 'x')
    put('node_modules/produce-event.ts', 'x')
    expect(await handedIn()).toEqual({
      [path.basename(folder)]: ['produce-event.ts', 'partition-for-key.ts'],
    })
  })

  test('names that no file may have', async () => {
    put('con/produce-event.ts', 'a')
    put('<b>Ada & =1+1/produce-event.ts', 'a')
    put('***/produce-event.ts', 'a')
    const ids = (await arrivals()).submissions.map(({ id }) => id)
    expect(ids).toEqual(['b-ada-1-1', 'nameless', 'student-con'])
  })
})

describe('what is read of a submission', () => {
  test('a link is not followed, and is no zero either', async () => {
    put('secret.txt', 'secret')
    put('ada/05-partition-for-key/partition-for-key.ts', 'p')
    mkdirSync(path.join(folder, 'ada', '03-produce-event'))
    symlinkSync(
      path.join(folder, 'secret.txt'),
      path.join(folder, 'ada', '03-produce-event', 'produce-event.ts'),
    )
    expect((await handedIn()).ada).toEqual([
      `${EVENT}: it is a link, or no file at all`,
      '05-partition-for-key/partition-for-key.ts',
    ])
  })

  test('a broken archive beside a good file: what was found is judged, what is missing is for a human', async () => {
    put(`ada/${EVENT}`, 'a')
    put('ada/rest.zip', 'no zip')
    const [event, other] = (await handedIn()).ada ?? []
    expect(event).toBe(EVENT)
    expect(other).toMatch(/^rest\.zip cannot be read: /)
  })

  test('a hostile archive is one student’s matter', async () => {
    put('ada.zip', zip({ [`../../${EVENT}`]: 'x' }))
    put('bob.zip', zip({ [EVENT]: 'b' }))
    const found = await handedIn()
    expect(found.ada?.[0]).toMatch(/^ada\.zip: the name .* leads out of the archive$/)
    expect(found.bob).toEqual([`bob.zip/${EVENT}`, '-'])
  })

  test('a submission in which nothing looks like an answer is for a human', async () => {
    put('ada/ProduceEvent.js', 'a')
    const nothing = 'no file in it has the place or the name of an answer'
    expect((await handedIn()).ada).toEqual([nothing, nothing])
  })

  test('a file under a name of its own is told where an answer is missing; what the copy holds is not', async () => {
    const all = { [EVENT]: 'a', 'exercise 05.ts': 'p', '08-consume-events/consume-events.ts': 'c' }
    put('ada.zip', zip(all))
    for (const [name, text] of Object.entries(all)) put(`bob/exercises/${name}`, text)
    put('bob/vitest.config.ts', 'x')
    put('bob/exercises/19-replication/replication.in-sync.ts', 'x')
    put('bob/harness/errors.ts', 'x')
    put('bob/05-partition-for-key/produce-event.ts', 'x')
    for (const name of [EVENT, '05-partition-for-key/partition-for-key.ts', 'try.ts'])
      put(`cleo/${name}`, 'c')
    const { submissions } = await arrivals()
    const options = { root: ROOT, stage: path.join(base, `stage-${count}`) }
    const notes = submissions.map(async (one) => (await readHandIn(one, exercises, options)).notes)
    const told = 'not used, as name or place is that of no answer: '
    const [ada, bob, cleo] = await Promise.all(notes)
    expect(ada).toEqual([`${told}exercise 05.ts`])
    expect(bob?.[0]?.slice(told.length).split(', ').sort()).toEqual([
      '05-partition-for-key/produce-event.ts',
      'exercises/exercise 05.ts',
    ])
    expect(cleo).toEqual([])
  })
})
