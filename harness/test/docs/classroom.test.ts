import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { copyWorkbook, remove } from '../cli/run-tool.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const CLASSROOM = path.join(ROOT, 'docs', 'classroom')
const SOLUTION = path.join(ROOT, 'solutions', '05-partition-for-key', 'partition-for-key.ts')
const STUB = path.join(ROOT, 'harness', 'exercise', 'pristine', '05-partition-for-key.ts.txt')

/** The scripts are for Linux, as the machines of these services are. */
const canRun = process.platform === 'linux'
const canGrade = canRun && Object.hasOwn(COMMANDS, 'grade')
if (!canGrade)
  console.error('There is no `npm run grade` here, or no Linux: runs of the graders are left out.')
const workflows = fs.readdirSync(CLASSROOM).filter((name) => name.endsWith('.yml'))

function textOf(name: string): string {
  return fs.readFileSync(path.join(CLASSROOM, name), 'utf8')
}

/** Runs a command of one of the files with bash, in a folder. */
function bash(command: string, cwd: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  return { status, said: `${stdout}${stderr}` }
}

describe('the files for a class', () => {
  test.runIf(canGrade).each(workflows)('%s uses commands and options that there are', (name) => {
    const used = [...textOf(name).matchAll(/npm (?:run )?(test|grade) (.*)/g)]
    expect(used.length).toBeGreaterThan(0)
    for (const [, command = '', rest = ''] of used) {
      const known = Object.keys(COMMANDS[command]?.options ?? {})
      const options = [...rest.matchAll(/--([a-z][a-z-]*)/g)].map((match) => match[1])
      expect(known, command).toEqual(expect.arrayContaining(options))
    }
  })

  test.each(workflows)('%s pins what it uses by commit, and says that it was never run', (name) => {
    for (const [, action = ''] of textOf(name).matchAll(/uses: (\S+)/g))
      expect(action).toMatch(/@[0-9a-f]{40}$/)
    expect(textOf(name)).toContain('ever run by us')
  })
})

describe.runIf(canRun)('a run of the services, on folders laid out as theirs', () => {
  const place = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'class-'))
  let workbook = ''
  beforeAll(() => {
    workbook = copyWorkbook()
  }, 120_000)
  afterAll(() => {
    remove(place)
    remove(workbook)
  })

  function autograder(name: string, answer: string): string {
    const home = path.join(place, name)
    fs.cpSync(path.join(CLASSROOM, 'gradescope'), path.join(home, 'source'), { recursive: true })
    fs.writeFileSync(path.join(home, 'source', 'exercises.txt'), '05\n')
    fs.symlinkSync(workbook, path.join(home, 'source', 'workbook'))
    fs.mkdirSync(path.join(home, 'submission'))
    fs.copyFileSync(answer, path.join(home, 'submission', 'partition-for-key.ts'))
    fs.copyFileSync(path.join(home, 'source', 'run_autograder'), path.join(home, 'run_autograder'))
    return home
  }

  function resultsOf(home: string) {
    const { said } = bash('bash ./run_autograder', home, { AUTOGRADER: home })
    const file = path.join(home, 'results', 'results.json')
    expect(fs.existsSync(file), said).toBe(true)
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  }

  test('GitHub: a push, with the verdicts on the page of the job', () => {
    const [, script = ''] = /- run: \|\n([\s\S]*)$/.exec(textOf('github-on-push.yml')) ?? []
    const summary = path.join(place, 'summary.md')
    const { status, said } = bash(script, workbook, { EXERCISES: '05', GITHUB_STEP_SUMMARY: summary })
    expect(status, said).toBe(1)
    expect(fs.readFileSync(summary, 'utf8')).toMatch(/^```text\n[\s\S]*NOT WRITTEN {2}05[\s\S]*```\n$/)
  }, 60_000)

  test.runIf(canGrade)(
    'Gradescope: the set-up, a right answer with all points, a stub with none',
    () => {
      const right = autograder('right', SOLUTION)
      expect(bash('bash source/setup.sh', right, { AUTOGRADER: right })).toMatchObject({ status: 0 })
      const results = resultsOf(right)
      expect(results.tests.length).toBeGreaterThan(5)
      const most = results.tests.reduce(
        (sum: number, one: { max_score?: number }) => sum + (one.max_score ?? 0),
        0,
      )
      expect(results.score).toBe(most)
      expect(results.extra_data.mode).toBe('strict')
      expect(resultsOf(autograder('stub', STUB)).score).toBe(0)
    },
    120_000,
  )

  test.runIf(canGrade)(
    'Gradescope: a grader that cannot run leaves a result without a score',
    () => {
      const home = autograder('broken', SOLUTION)
      fs.writeFileSync(path.join(home, 'source', 'exercises.txt'), '99\n')
      const results = resultsOf(home)
      expect(results.output).toContain('Nobody has lost points')
      expect(results).not.toHaveProperty('score')
    },
    60_000,
  )

  test.runIf(canGrade)(
    'Kubernetes: the parts of a class, and the marks together',
    () => {
      const volume = path.join(place, 'volume')
      for (const [name, answer] of [
        ['ada', SOLUTION],
        ['bob', STUB],
      ] as const) {
        const folder = path.join(volume, 'submissions', name)
        fs.mkdirSync(folder, { recursive: true })
        fs.copyFileSync(answer, path.join(folder, 'partition-for-key.ts'))
      }
      const [, args = ''] =
        /args:\n\s+- >-\n([\s\S]*?)\n\s+resources:/.exec(textOf('kubernetes-job.yml')) ?? []
      // The Job grades all exercises in eight parts; here it is one exercise in two.
      const command = args
        .replace(/\s+/g, ' ')
        .replaceAll('/class/', `${volume}/`)
        .replace('/8"', '/2" --exercise 05')
      for (const index of ['0', '1']) {
        expect(bash(command, workbook, { JOB_COMPLETION_INDEX: index })).toMatchObject({ status: 0 })
      }
      const merge = /npm run grade -- merge \S+ --output \S+/.exec(textOf('github-class.yml'))?.[0] ?? ''
      const together = merge
        .replace('parts/', `${volume}/parts/`)
        .replace('--output grades', `--output ${volume}/grades`)
      expect(bash(together, workbook)).toMatchObject({ status: 0 })
      const marks = fs.readFileSync(path.join(volume, 'grades', 'marks.csv'), 'utf8')
      expect(marks).toMatch(/ada/)
      expect(marks).toMatch(/bob/)
    },
    120_000,
  )
})
