import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { readArguments } from '../../cli/arguments.ts'
import { COMMANDS } from '../../cli/commands.ts'
import { WorkbookError } from '../../errors.ts'
import { type Exercise, listExercises } from '../../exercise/find.ts'
import { keepAttempt, listAttempts } from '../../progress/attempts.ts'
import { learnerJournal } from '../../progress/learner.ts'
import { textHash } from '../../text-hash.ts'

const base = mkdtempSync(path.join(os.tmpdir(), 'lost '))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const NAMES = ['01-first', '02-second'] as const
const [STUB, SOLUTION] = ['stub\n', 'solution\n']
const TEXTS = ['', 'one\n', 'one\r\n', 'two\n', STUB, SOLUTION, 'solution, edited\n']

/** Commands that leave the learner's files alone. `start` resets and undoes by the same functions as the commands here. */
const READERS =
  'start play list read hint quiz broker doctor grade demo release package new verify parity fuzz bench record'.split(
    ' ',
  )
/** What a learner may type, over and over. `test` judges, which is not tried here, and keeps what it judged. */
const TYPED = [
  ...NAMES.flatMap((name) => [
    `reset ${name}`,
    `undo ${name}`,
    `undo ${name} --list`,
    `undo ${name} HASH`,
    `diff ${name}`,
    `diff ${name} --solution --anyway`,
    `diff ${name} --upgrade`,
    `solve ${name}`,
    `test ${name}`,
  ]),
  'reset 01 02',
  'undo all',
  'solve all',
  'progress',
]

type Step =
  | { do: 'edit'; of: number; text: string }
  | { do: 'delete'; of: number }
  | { do: 'command'; line: string; pick: number; readOnly: boolean }

/** So that most steps meet in one exercise. */
const MOSTLY_FIRST = fc.nat(3).map((n) => Number(n === 0))

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      of: MOSTLY_FIRST,
      text: fc.constantFrom(...TEXTS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), of: MOSTLY_FIRST }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('command' as const),
      line: fc.constantFrom(...TYPED),
      pick: fc.nat(30),
      readOnly: fc.nat(5).map((n) => n === 0),
    }),
  },
)

function newWorkbook(): string {
  const root = mkdtempSync(path.join(base, 'root-'))
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
  for (const name of NAMES) {
    write(`exercises/${name}/${name.slice(3)}.ts`, STUB)
    write(`solutions/${name}/${name.slice(3)}.ts`, SOLUTION)
    write(`harness/exercise/pristine/${name}.ts.txt`, STUB)
  }
  return root
}

const screen = {
  isLive: false,
  look: { colour: false, width: 80, ticks: true },
  print() {},
  note() {},
  progress() {},
  close() {},
}

/** As typed, but that judging is left out of `test`. What the tool refuses with a sentence is fine. */
async function type(root: string, line: string, pick: number): Promise<void> {
  const exercises = listExercises(root)
  const [name = '', ...words] = line.split(' ')
  const hashes = exercises.flatMap((exercise) => listAttempts(root, exercise).map(({ hash }) => hash))
  const argv = words.map((word) =>
    word === 'HASH' ? (hashes[pick % Math.max(1, hashes.length)] ?? '0') : word,
  )
  try {
    if (name === 'test') return judge(root, exercises.find((one) => one.name === argv[0]) as Exercise)
    const command = COMMANDS[name]
    if (!command) throw new Error(`there is no command ${name}`)
    const args = readArguments(argv, command.options, name, {})
    await (await command.load()).run({ root, built: root, cwd: root, args, screen })
  } catch (error) {
    if (!(error instanceof WorkbookError)) throw error
  }
}

function judge(root: string, exercise: Exercise): void {
  keepAttempt(root, exercise)
  if (!existsSync(exercise.file)) return
  const hash = textHash(readFileSync(exercise.file, 'utf8'))
  const verdict = hash === textHash(SOLUTION) ? 'passed' : 'failed'
  const at = new Date().toISOString()
  learnerJournal(root).append({
    kind: 'judged',
    at,
    exercise: exercise.name,
    hash,
    verdict,
    mistakes: [],
    durationMs: 1,
  })
}

/** For one command, `.workbook` is where nothing can be written, nor read. */
async function withoutDisk(root: string, work: () => Promise<void>): Promise<void> {
  const [place, away] = [path.join(root, '.workbook'), path.join(root, 'away')]
  const isThere = existsSync(place)
  if (isThere) renameSync(place, away)
  writeFileSync(place, 'not a folder')
  try {
    await work()
  } finally {
    rmSync(place)
    if (isThere) renameSync(away, place)
  }
}

test('whatever is done, in whatever order: every text that a command has met is still to be had', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const root = newWorkbook()
      const exercises = listExercises(root)
      const met = exercises.map(() => new Set<string>())
      for (const one of steps) {
        if (one.do === 'edit') writeFileSync((exercises[one.of] as Exercise).file, one.text)
        else if (one.do === 'delete') rmSync((exercises[one.of] as Exercise).file, { force: true })
        else {
          const before = exercises.map(({ file }) => (existsSync(file) ? readFileSync(file, 'utf8') : null))
          const run = () => type(root, one.line, one.pick)
          await (one.readOnly ? withoutDisk(root, run) : run())
          for (const [index, exercise] of exercises.entries()) {
            const now = existsSync(exercise.file) ? readFileSync(exercise.file, 'utf8') : null
            const kept = listAttempts(root, exercise).map(({ file }) => readFileSync(file, 'utf8'))
            // What an editor overwrites before any command has met it is not ours to keep.
            const isMet = now !== before[index] || kept.includes(before[index] as string)
            if (isMet && before[index] !== null) met[index]?.add(before[index] as string)
            for (const text of met[index] as Set<string>) expect([...kept, now]).toContain(text)
            if (one.readOnly) expect(now).toBe(before[index])
          }
        }
      }
      rmSync(root, { recursive: true, force: true })
    }),
    { numRuns: 60 },
  )
})

test('no command is forgotten here', () => {
  const tried = TYPED.map((line) => line.split(' ')[0])
  expect([...tried, ...READERS]).toEqual(expect.arrayContaining(Object.keys(COMMANDS)))
})
