import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { init, upgrade } from '../../bin/learners-folder.mjs'
import { shippedList, writeNpmPackage } from '../../grade/release/npm-package.ts'
import { writeFiles } from '../../grade/release/student-copy.ts'
import { stubAtFirst } from '../../progress/stubs.ts'
import { lintDocuments } from '../../verify/lint/links.ts'
import { PACKAGES, remove, runTool } from '../cli/run-tool.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')
const ANSWER = 'exercises/03-produce-event/produce-event.ts'
const STUB = 'harness/exercise/pristine/03-produce-event.ts.txt'

let place = ''
beforeEach(() => {
  place = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'learn ers '))
})
afterEach(() => remove(place))

function npm(args: string[], cwd: string): string {
  const home = path.join(place, 'home')
  fs.mkdirSync(home, { recursive: true })
  const env = { ...process.env, HOME: home, USERPROFILE: home, npm_config_cache: path.join(home, 'cache') }
  const isWindows = process.platform === 'win32'
  const quoted = isWindows ? args.map((word) => (word.includes(' ') ? `"${word}"` : word)) : args
  const { stdout, stderr, status } = spawnSync('npm', quoted, {
    cwd,
    env,
    encoding: 'utf8',
    shell: isWindows,
  })
  expect(status, stderr).toBe(0)
  return stdout
}

describe('npx kafka-workbook', () => {
  test('makes a folder from the packed tarball, in an empty home and without a network', async () => {
    const pack = path.join(place, 'package')
    writeNpmPackage(ROOT, pack)
    const [tarball = ''] = npm(['pack', '--silent', pack], place).trim().split('\n').slice(-1)
    expect(fs.statSync(path.join(place, tarball)).size).toBeLessThan(3_000_000)
    npm(
      ['exec', '--offline', '--yes', '--package', `./${tarball}`, '--', 'kafka-workbook', 'init', 'my kafka'],
      place,
    )

    const folder = path.join(place, 'my kafka')
    for (const name of ['.gitignore', '.npmrc', 'package-lock.json', '.vscode/launch.json', 'solutions'])
      expect(fs.existsSync(path.join(folder, name)), name).toBe(true)
    expect(fs.existsSync(path.join(folder, 'harness', 'test'))).toBe(false)
    expect(fs.existsSync(path.join(folder, 'docs', 'teaching.md'))).toBe(true)
    expect(lintDocuments(folder)).toEqual([])
    expect(fs.readdirSync(folder).filter((name) => name.endsWith('.packed'))).toEqual([])
    for (const name of PACKAGES) {
      const link = path.join(folder, 'node_modules', name)
      fs.mkdirSync(path.dirname(link), { recursive: true })
      fs.symlinkSync(path.join(ROOT, 'node_modules', name), link, 'junction')
    }
    const solution = await runTool(folder, ['test', '03', '--broker', 'embedded', '--answer', 'solution'])
    expect(solution).toMatchObject({ code: 0, stdout: expect.stringContaining('PASSED') })
  }, 120_000)

  test('makes no folder where something is', () => {
    const folder = path.join(place, 'full')
    fs.mkdirSync(folder)
    fs.writeFileSync(path.join(folder, 'mine.txt'), 'mine')
    expect(init(place, folder, 'full').problem).toContain('is not empty')
    expect(fs.readdirSync(folder)).toEqual(['mine.txt'])
  })
})

const README = 'exercises/03-produce-event/README.md'
const VERSION_1: Record<string, string> = {
  'package.json': JSON.stringify({ version: '1.9.0', workbook: { copy: 'published' } }),
  'README.md': 'The workbook.\n',
  'harness/median.ts': '// median\n',
  'exercises/05-partition-for-key/hints.md': 'A hint.\n',
  [README]: 'A page\nof two lines.\n',
  [ANSWER]: '// the stub\n',
  [STUB]: '// the stub\n',
}
const { 'harness/median.ts': _gone, ...STAYING } = VERSION_1
const VERSION_2: Record<string, string> = {
  ...STAYING,
  'package.json': JSON.stringify({ version: '1.10.0', workbook: { copy: 'published' } }),
  'exercises/05-partition-for-key/hints.md': 'A hint.\nNewer.\n',
  [README]: 'A page\nof two lines.\nNewer.\n',
  [ANSWER]: '// another stub\n',
  [STUB]: '// another stub\n',
  'harness/more.ts': '// more\n',
}

/** What a package with these files brings. */
function broughtBy(files: Record<string, string>, name: string): string {
  const folder = path.join(place, name)
  const contents = Object.entries(files).map(([one, text]) => ({ path: one, content: Buffer.from(text) }))
  const list = { path: 'harness/shipped.json', content: Buffer.from(shippedList(contents)) }
  writeFiles(folder, [...contents, list])
  return folder
}

describe('an upgrade', () => {
  let folder = ''
  let newer = ''
  const at = (name: string) => path.join(folder, name)
  const text = (name: string) => fs.readFileSync(at(name), 'utf8')

  beforeEach(() => {
    folder = path.join(place, 'my kafka')
    newer = broughtBy(VERSION_2, 'newer')
    expect(init(broughtBy(VERSION_1, 'older'), folder, 'my kafka').problem).toBeUndefined()
  })

  test('brings what is new, takes away what is gone, and never touches an answer', () => {
    fs.writeFileSync(at(ANSWER), '// my answer\n')
    fs.mkdirSync(at('.workbook'))
    fs.writeFileSync(at('.workbook/learner.jsonl'), '{}\n')
    fs.writeFileSync(at('notes.md'), 'my notes\n')
    const { problem, lines } = upgrade(newer, folder)
    expect(problem).toBeUndefined()
    expect(text(ANSWER)).toBe('// my answer\n')
    expect(text('.workbook/learner.jsonl')).toBe('{}\n')
    expect(text('notes.md')).toBe('my notes\n')
    expect(text('harness/more.ts')).toBe('// more\n')
    expect(fs.existsSync(at('harness/median.ts'))).toBe(false)
    expect(text(README)).toContain('Newer.')
    expect(JSON.parse(text('package.json')).version).toBe('1.10.0')
    expect(lines?.join('\n')).toContain('begin with another program now: 03')
    // The next `npm test 03` tells of it, and `diff -- --upgrade` has both.
    expect(stubAtFirst(folder, '03-produce-event')).toBe('// the stub\n')
  })

  test('keeps what the learner changed beside the answers', () => {
    const hints = 'exercises/05-partition-for-key/hints.md'
    fs.appendFileSync(at(hints), '\nmy own hint\n')
    fs.appendFileSync(at('harness/median.ts'), '\n// mine\n')
    const { lines } = upgrade(newer, folder)
    expect(text(hints)).toContain('Newer.')
    expect(text(`.workbook/replaced/1.9.0/${hints}`)).toContain('my own hint')
    expect(text(`.workbook/replaced/1.9.0/harness/median.ts`)).toContain('// mine')
    expect(lines?.join('\n')).toContain('hints.md')
  })

  test('takes line ends that git has written for no change, and nothing to do for nothing', () => {
    fs.writeFileSync(at(README), text(README).replaceAll('\n', '\r\n'))
    upgrade(newer, folder)
    expect(fs.existsSync(at('.workbook/replaced'))).toBe(false)
    expect(upgrade(newer, folder).lines?.[1]).toContain('0 files are new or have changed, 0 are gone')
  })

  test('refuses an older version, a clone and a student copy, and changes nothing', () => {
    const older = path.join(place, 'older')
    upgrade(newer, folder)
    expect(upgrade(older, folder).problem).toContain('older')
    expect(JSON.parse(text('package.json')).version).toBe('1.10.0')
    expect(upgrade(newer, place).problem).toContain('git pull')
    fs.writeFileSync(at('package.json'), JSON.stringify({ version: '0.1.0', workbook: { copy: 'student' } }))
    expect(upgrade(newer, folder).problem).toContain('teacher')
  })
})
