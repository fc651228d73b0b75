import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { answerIds } from '../../exercise/answer.ts'
import { listExercises } from '../../exercise/find.ts'
import { pristineStub } from '../../exercise/pristine.ts'
import { exercisesIn } from '../../exercise/ranges.ts'
import { linesOfItsOwn } from '../../exercise/telling-lines.ts'
import { type CopiedFile, copiedFiles, untrackedFiles } from '../../grade/release/copied-files.ts'
import { findLeaks } from '../../grade/release/leaks.ts'
import { writeStudentCopy } from '../../grade/release/student-copy.ts'
import { readQuiz } from '../../quiz/read-quiz.ts'
import { lintDocuments } from '../../verify/lint/links.ts'
import { copyWorkbook, PACKAGES, remove, runTool } from '../cli/run-tool.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')
const exercises = listExercises(ROOT)
/** A deadline is there to end a hang; reading every answer and every quiz takes its time on a busy machine. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const student = { edition: 'student', solutions: [], quizKeys: false } as const

const place = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'stu dents '))
const folder = path.join(place, 'copy')
const open = exercisesIn('01-02,05', exercises)
afterAll(() => remove(place))

function filesOf(where: string): CopiedFile[] {
  return fs
    .readdirSync(where, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/(^|[\\/])(node_modules|\.workbook)([\\/]|$)/.test(name))
    .filter((name) => fs.statSync(path.join(where, name)).isFile())
    .map((name) => ({ path: name, content: fs.readFileSync(path.join(where, name)) }))
}

function linkPackages(where: string): void {
  for (const name of PACKAGES) {
    const link = path.join(where, 'node_modules', name)
    fs.mkdirSync(path.dirname(link), { recursive: true })
    fs.symlinkSync(path.join(ROOT, 'node_modules', name), link, 'junction')
  }
}

describe('the copy that students get', () => {
  beforeAll(() => {
    writeStudentCopy(ROOT, { folder, open: [], quizKeys: false })
    linkPackages(folder)
  })

  test('has every exercise with its untouched stub, and nothing of answers, tests or history', () => {
    for (const exercise of listExercises(folder))
      expect(fs.readFileSync(exercise.file, 'utf8'), exercise.name).toBe(pristineStub(exercise, ROOT))
    const scenesOf = (where: typeof exercises) =>
      where.map(({ name, scenesFile, playFile }) => [name, scenesFile !== null, playFile !== null])
    expect(scenesOf(listExercises(folder))).toEqual(scenesOf(exercises))
    expect(fs.existsSync(path.join(folder, 'exercises', '23-design', 'rules.md'))).toBe(true)
    for (const name of [
      'solutions',
      'harness/test',
      'harness/verify/golden',
      'docs/classroom',
      'docs/teaching.md',
      '.git',
      '.ci',
      'CONTRIBUTING.md',
    ])
      expect(fs.existsSync(path.join(folder, name)), name).toBe(false)
  })

  test('holds no line that tells an answer, read from the disk', () => {
    const { leaks, searched } = findLeaks(filesOf(folder), { exercises, quizKeys: true }, ROOT)
    expect(leaks).toEqual([])
    const answers = exercises.flatMap((one) => [
      ...answerIds(one, 'alternatives'),
      ...answerIds(one, 'mistakes'),
    ])
    expect(searched).toBeGreaterThan(10 * answers.length)
  })

  test('has quizzes to fill in, and no key in them', () => {
    for (const { path: name, content } of filesOf(path.join(folder, 'quizzes'))) {
      const text = content.toString('utf8')
      const { quiz } = readQuiz(fs.readFileSync(path.join(ROOT, 'quizzes', name), 'utf8'), name.slice(0, -3))
      for (const { id } of quiz.questions) expect(text, name).toContain(`<!-- q id=${id} -->`)
      expect(text, name).not.toMatch(/\[x\]|<summary>|```output|```ts key|m=\d\d\//)
    }
  })

  test('has no link that leads nowhere', () => {
    expect(lintDocuments(folder)).toEqual([])
  })

  test('judges: the stub is not written, a right answer passes', async () => {
    const stub = await runTool(folder, ['test', '05', '--broker', 'embedded'])
    expect(stub).toMatchObject({ code: 1, stdout: expect.stringContaining('NOT WRITTEN') })
    const solution = exercises.find(({ number }) => number === '03')?.solutionFolder ?? ''
    const answer = path.join(solution, 'produce-event.ts')
    const right = await runTool(folder, ['test', '03', '--broker', 'embedded', '--answer', answer])
    expect(right).toMatchObject({ code: 0, stdout: expect.stringContaining('PASSED') })
  })

  test('says where solutions will appear, that quizzes have no keys, and what is for authors', async () => {
    const solution = await runTool(folder, ['test', '05', '--answer', 'solution'])
    expect(solution).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('solutions/05-partition-for-key/'),
    })
    const quiz = await runTool(folder, ['quiz', 'keys'])
    expect(quiz).toMatchObject({ code: 2, stderr: expect.stringContaining('have no keys') })
    const fuzz = await runTool(folder, ['fuzz'])
    expect(fuzz).toMatchObject({ code: 2, stderr: expect.stringContaining("student's copy") })
    expect(fuzz.stderr).not.toContain('installed')
    const help = await runTool(folder, ['--help'])
    expect(help.stdout).not.toMatch(/npm run (verify|release|parity)/)
    const { scripts } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['test', 'play', 'list', 'hint']))
    expect(Object.keys(scripts)).not.toEqual(expect.arrayContaining(['verify']))
  })
})

describe('what a teacher opens', () => {
  test('is there, and the rest is not', () => {
    const files = copiedFiles(ROOT, { ...student, solutions: open, quizKeys: true })
    const opened = new Set(files.flatMap(({ path: name }) => /^solutions\/(\d\d)/.exec(name)?.[1] ?? []))
    expect([...opened]).toEqual(['01', '02', '05'])
    const keys = files.find(({ path: name }) => name === 'quizzes/keys.md')
    expect(keys?.content.toString('utf8')).toBe(
      fs.readFileSync(path.join(ROOT, 'quizzes', 'keys.md'), 'utf8'),
    )
    const closed = exercises.filter((one) => !open.includes(one))
    expect(findLeaks(files, { exercises: closed, quizKeys: false }, ROOT).leaks).toEqual([])
  })

  test('is said as numbers and ranges', () => {
    const numbers = (text: string) => exercisesIn(text, exercises).map(({ number }) => number)
    expect(numbers('03')).toEqual(['03'])
    expect(numbers('2-4, produce-event,01')).toEqual(['01', '02', '03', '04'])
    expect(exercisesIn(undefined, exercises)).toEqual([])
    expect(() => numbers('04-02')).toThrow('ends before it begins')
    expect(() => numbers('99')).toThrow('no exercise')
  })
})

describe('the search for leaks', () => {
  const files = copiedFiles(ROOT, student)
  const answersOf05 = path.join(ROOT, 'solutions', '05-partition-for-key')

  test('finds every answer, alternative and mistake wherever it was put, and names it', () => {
    const answers = filesOf(path.join(ROOT, 'solutions')).filter(({ path: name }) => name.endsWith('.ts'))
    const planted = answers.map(({ path: name, content }) => ({ path: `docs/${name}`, content }))
    const { leaks } = findLeaks(planted, { exercises, quizKeys: false }, ROOT)
    const found = new Set(leaks.map((leak) => `${leak.path} ${leak.of}`))
    const missed = answers.filter(({ path: name }) => {
      return !found.has(`docs/${name} solutions/${name.split(path.sep).join('/')}`)
    })
    // The mistake of a program to fix is the stub that everybody gets, or a line or two away from it.
    const notToFix = missed.filter(({ path: name, content }) => {
      const [one] = exercises.filter((exercise) => name.startsWith(exercise.name))
      return one && linesOfItsOwn(content.toString('utf8'), pristineStub(one, ROOT)).length > 2
    })
    expect(notToFix.map(({ path: name }) => name)).toEqual([])
    expect(missed.every(({ path: name }) => /^(01|16|21)-.*mistakes/.test(name))).toBe(true)
    expect(answers.length).toBeGreaterThan(200)
  })

  test('finds a part of one in the middle of a page, indented and on one line', () => {
    const lines = fs.readFileSync(path.join(answersOf05, 'partition-for-key.ts'), 'utf8').split('\n')
    const at = lines.findIndex((line) => line.includes('export function murmur2'))
    const text = `A page.\n${lines.slice(at + 1, at + 6).join('  ')}\nIts end.`
    const planted = [...files, { path: 'docs/page.md', content: Buffer.from(text) }]
    const { leaks } = findLeaks(planted, { exercises, quizKeys: true }, ROOT)
    expect(leaks).toContainEqual({
      path: 'docs/page.md',
      of: 'solutions/05-partition-for-key/partition-for-key.ts',
    })
  })

  test('finds the explanation of a question', () => {
    const text = 'It is a new one, but 4 leaves 1 by 3: only a key of the old partition 1 can go there.'
    const planted = [{ path: 'docs/page.md', content: Buffer.from(`# A page\n\n> ${text}\n`) }]
    const { leaks } = findLeaks(planted, { exercises: [], quizKeys: true }, ROOT)
    expect(leaks).toEqual([{ path: 'docs/page.md', of: 'quizzes/keys.md' }])
  })

  test('keeps a copy with a leak from being written', () => {
    const root = copyWorkbook()
    for (const name of ['README.md', 'LICENSE', 'vitest.config.ts', 'package-lock.json'])
      fs.copyFileSync(path.join(ROOT, name), path.join(root, name))
    try {
      const [one] = exercisesIn('05', listExercises(root))
      const answer = fs.readFileSync(path.join(answersOf05, 'partition-for-key.ts'), 'utf8')
      fs.appendFileSync(one?.hintsFile ?? '', `\n${answer}`)
      const target = path.join(place, 'leaking')
      expect(() => writeStudentCopy(root, { folder: target, open: [], quizKeys: false })).toThrow(
        'would give answers away',
      )
      expect(fs.existsSync(target)).toBe(false)
    } finally {
      remove(root)
    }
  })
})

test('of a clone only what git knows travels, and the rest is named', () => {
  const root = copyWorkbook()
  const git = (...argv: string[]) => execFileSync('git', argv, { cwd: root, stdio: 'pipe' })
  const put = (name: string) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    fs.writeFileSync(path.join(root, name), 'words')
  }
  try {
    for (const name of ['README.md', 'docs/page.md', 'docs/mine/notes.md']) put(name)
    const copied = () => copiedFiles(root, student).map(({ path: name }) => name)
    expect(copied()).toContain('docs/mine/notes.md')
    git('init', '--quiet')
    // Not the workbook's repository: one around it, or a new one.
    expect(untrackedFiles(root)).toEqual([])
    git('add', '--', 'package.json', 'harness', 'docs/page.md')
    expect(untrackedFiles(root)).toContain('docs/mine/notes.md')
    expect(copied()).toContain('docs/page.md')
    expect(copied()).not.toContain('docs/mine/notes.md')
  } finally {
    remove(root)
  }
})

describe('a folder that cannot take the copy', () => {
  const write = (target: string) => () =>
    writeStudentCopy(ROOT, { folder: target, open: [], quizKeys: false })

  test('is refused when something is in it, and is left as it was', () => {
    const full = path.join(place, 'full')
    fs.mkdirSync(full)
    fs.writeFileSync(path.join(full, 'mine.txt'), 'mine')
    expect(write(full)).toThrow('is not empty')
    expect(fs.readdirSync(full)).toEqual(['mine.txt'])
  })

  test('is refused inside of the workbook, also by a link', () => {
    expect(write(path.join(ROOT, 'exercises', 'copy'))).toThrow('inside of the workbook')
    const link = path.join(place, 'link')
    fs.symlinkSync(ROOT, link, 'junction')
    expect(write(path.join(link, 'students', 'copy'))).toThrow('inside of the workbook')
  })
})
