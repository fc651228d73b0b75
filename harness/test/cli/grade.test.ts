import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Grades, totalOf } from '../../grade/grades.ts'
import { tarGz, zip } from '../grade/make-archives.ts'
import { schemaProblems } from '../result-schema.ts'
import { copyWorkbook, type RunOptions, remove, runTool } from './run-tool.ts'

const [FIVE, SIX] = ['05-partition-for-key', '06-plan-partitions'] as const
const FILES = { [FIVE]: 'partition-for-key.ts', [SIX]: 'plan-partitions.ts' }
const SEED = ['--seed', '4711']
/** Nine answers are judged in seconds; this is for a machine with much else to do. */
const PATIENCE_MS = 120_000

let root: string
/** Where the instructor stands; the submissions are in `class`. */
let desk: string
beforeAll(async () => {
  root = copyWorkbook()
  desk = path.join(root, 'desk')
  await makeClass()
})
afterAll(() => remove(root))

const grade = (argv: string[], options?: RunOptions) =>
  runTool(root, ['grade', ...argv], { cwd: desk, ...options })
const gradeAll = (output: string, ...more: string[]) =>
  grade(['class', '--exercise', '05,06', '--output', output, ...SEED, ...more])

const shipped = (exercise: keyof typeof FILES, answer: string) =>
  fs.readFileSync(path.join(root, 'solutions', exercise, answer), 'utf8')
const solution = (exercise: keyof typeof FILES) => shipped(exercise, FILES[exercise])

function put(name: string, content: string | Buffer): void {
  const file = path.join(desk, 'class', ...name.split('/'))
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
}

/** Six submissions, each as another course system or another student would have it. */
async function makeClass(): Promise<void> {
  for (const exercise of [FIVE, SIX]) put(`ada/exercises/${exercise}/${FILES[exercise]}`, solution(exercise))
  const bob = 'Bob Ray_4711_assignsubmission_file_'
  put(`${bob}/${FILES[FIVE]}`, shipped(FIVE, 'mistakes/math-abs.ts'))
  put(`${bob}/${FILES[SIX]}`, shipped(SIX, 'mistakes/records-moved.ts'))
  const cleo = {
    [`${FIVE}/${FILES[FIVE]}`]: shipped(FIVE, 'alternatives/bigint.ts'),
    [`${SIX}/${FILES[SIX]}`]: shipped(SIX, 'mistakes/keys-stay.ts'),
  }
  put('cleo.zip', zip(cleo))
  const stub = fs.readFileSync(path.join(root, 'harness/exercise/pristine', `${FIVE}.ts.txt`), 'utf8')
  put('dan.tar.gz', await tarGz({ [`dan/${FILES[FIVE]}`]: stub }))
  put('eve.zip', zip({ [`../../${FILES[FIVE]}`]: solution(FIVE) }))
  put(`fayfay_LATE_12_34_${FILES[FIVE]}`, "process.kill(process.ppid, 'SIGKILL')\nprocess.exit(0)\n")
  put(`fayfay_LATE_12_35_${FILES[SIX]}`, `// all mine\n\n${solution(SIX).replaceAll('\n', '\r\n')}`)
  put('notes.txt', 'not a submission')
}

/** What the checks of 05 and 06 give, as one reads them: which check fails, and which ones come after it. */
const EXPECTED = {
  ada: [9, 12, 21],
  'bob-ray-4711': [4, 10, 14],
  cleo: [9, 7, 16],
  dan: [0, 0, 0],
  eve: ['by hand', 'by hand', null],
  'fayfay-12': [0, 12, 12],
}

const read = (output: string, name: string) => fs.readFileSync(path.join(desk, output, name), 'utf8')
const gradesOf = (output: string) => JSON.parse(read(output, 'grades.json')) as Grades
const marksOf = ({ students }: Grades) =>
  Object.fromEntries(
    students.map((one) => [
      one.id,
      [...one.answers.map((answer) => ('points' in answer ? answer.points : answer.status)), totalOf(one)],
    ]),
  )

describe('a class of six', { timeout: PATIENCE_MS }, () => {
  test('has the marks of a table that was written by hand', async () => {
    const run = await gradeAll('whole')
    expect(run.stdout).toContain('1 of 7 not recognised:\n  notes.txt: neither a folder')
    expect(run.stdout).toMatch(/eve: eve\.zip: the name "[^"]+" leads out of the archive/)
    expect(run.stdout).toContain('graded: 5 of 6 students, 2 exercises, seed 4711\nby hand: eve\n')
    expect(run.stdout).toContain(
      'same text as somebody else (whose, say the notes in marks.csv): ada, fayfay-12\n',
    )
    expect(run.stderr).toMatch(/9 of 9 judged\n$/)
    expect(run).toMatchObject({ code: 1, filesLeft: [], processesLeft: [] })
    const grades = gradesOf('whole')
    expect(schemaProblems(grades, 'grades.schema.json')).toEqual([])
    expect(marksOf(grades)).toEqual(EXPECTED)
    expect(fs.readdirSync(path.join(desk, 'whole', 'feedback'))).toEqual(
      Object.keys(EXPECTED).map((id) => `${id}.md`),
    )
    expect(read('whole', 'feedback/bob-ray-4711.md')).toContain('(math-abs)\n  look at 05-partition-for-key/')
    expect(read('whole', 'marks.csv')).toContain('"late","06 same text as ada"')
    expect(fs.readdirSync(desk).sort()).toEqual(['class', 'whole'])
  })

  test('killed in the middle, and started again: what was judged stays, and the marks are the same', async () => {
    const journal = path.join(desk, 'killed', '.workbook', 'judged.jsonl')
    const lines = () =>
      fs.existsSync(journal) ? fs.readFileSync(journal, 'utf8').split('\n').filter(Boolean) : []
    const argv = ['class', '--exercise', '05,06', '--output', 'killed', ...SEED]
    await grade(argv, {
      async during(running) {
        await vi.waitUntil(() => lines().length >= 3, { timeout: PATIENCE_MS, interval: 5 })
        running.kill('SIGKILL')
      },
    })
    expect(fs.existsSync(path.join(desk, 'killed', 'grades.json'))).toBe(false)
    // As if the kill had come while a line was written.
    fs.appendFileSync(journal, '{"kind":"judged","at":"2026-')
    const before = lines().length - 1
    const again = await grade(['class', '--exercise', '05,06', '--output', 'killed'])
    expect(again.stderr).toContain(`${before} of 9 judged (${before} by an earlier run)`)
    expect(marksOf(gradesOf('killed'))).toEqual(EXPECTED)
    expect(read('killed', 'marks.csv')).toBe(read('whole', 'marks.csv'))
  })

  test('graded in two parts and put together: as in one go', async () => {
    for (const part of ['1', '2']) await gradeAll(`part-${part}`, '--shard', `${part}/2`)
    const [one, two] = [gradesOf('part-1'), gradesOf('part-2')]
    expect([one.students.length, two.students.length]).toEqual([3, 3])
    const merged = await grade(['merge', 'part-1/grades.json', 'part-2/grades.json', '--output', 'merged'])
    expect(merged.stdout).toContain('graded: 5 of 6 students')
    expect(read('merged', 'marks.csv')).toBe(read('whole', 'marks.csv'))
    const same = await grade(['diff', 'whole/grades.json', 'merged/grades.json'])
    expect(same).toMatchObject({ code: 0, stdout: 'no mark has changed\n', stderr: '' })
  })

  test('a second run judges what is new, and only that', async () => {
    fs.cpSync(path.join(desk, 'whole'), path.join(desk, 'again'), { recursive: true })
    put('dan (1).zip', zip({ [FILES[FIVE]]: shipped(FIVE, 'mistakes/empty-key-is-keyless.ts') }))
    fs.rmSync(path.join(desk, 'class', 'eve.zip'))
    const run = await grade(['class', '--exercise', '05,06', '--output', 'again'])
    expect(run.stdout).toContain('dan: older attempts left aside: dan.tar.gz')
    expect(run.stderr).toContain('8 of 9 judged (8 by an earlier run)')
    const diff = await grade(['diff', 'whole/grades.json', 'again/grades.json'])
    expect(diff.stdout).toBe(`dan: ${FIVE} 0 -> 8\neve: no longer there\n`)
    expect(diff.code).toBe(1)
    expect(fs.existsSync(path.join(desk, 'again', 'feedback', 'eve.md'))).toBe(false)
  })
})

describe.concurrent('what cannot be done is said before anything is', () => {
  test.each([
    [[], 'Which submissions?'],
    [['nowhere'], 'There is no '],
    [['class', 'other'], 'One folder at a time'],
    [['class', '--output', 'class/grades'], 'The marks would lie among the submissions.'],
    [['class', '--shard', '3/2'], '--shard takes a part of all parts, not "3/2".'],
    [['class', '--shard', '1/2'], 'Every part needs the same seed.'],
    [['class', '--strict', '--container'], '--strict and --container exclude each other'],
    [['merge', 'class/notes.txt'], 'is no grades.json'],
    [['diff', 'one.json'], 'Two files are compared.'],
  ])('%j', async (argv, message) => {
    const run = await grade(argv)
    expect(run).toMatchObject({ code: 2, stdout: '', filesLeft: [] })
    expect(run.stderr).toContain(message)
  })

  test('a folder without submissions does not replace marks by none', async () => {
    fs.mkdirSync(path.join(desk, 'empty'))
    const run = await grade(['empty', '--output', 'none'])
    expect(run).toMatchObject({ code: 2, stdout: '0 of 0 not recognised\n', filesLeft: [] })
    expect(run.stderr).toContain('No submission was found in empty.')
    expect(fs.existsSync(path.join(desk, 'none'))).toBe(false)
  })
})
