import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnswerFile, listAttempts, undoAnswer } from '../../progress/attempts.ts'
import { learnerJournal } from '../../progress/learner.ts'

const base = mkdtempSync(path.join(os.tmpdir(), 'killed-'))
const program = path.join(base, 'swap.mjs')
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Replaces and undoes as quickly as it can, and says so; or once, and says what was thrown. */
beforeAll(async () => {
  const source = fileURLToPath(new URL('../../progress/attempts.ts', import.meta.url))
  const contents = `import { replaceAnswer, undoAnswer } from ${JSON.stringify(source)}
    const [root, file, once] = process.argv.slice(2)
    const exercise = { name: '03-produce-event', file }
    try {
      if (once) replaceAnswer(root, exercise, 'stub'.repeat(5000), 'stub')
    } catch (error) {
      console.log(error.name + ': ' + error.message)
      process.exit()
    }
    for (let n = 0; ; n++) {
      replaceAnswer(root, exercise, 'stub'.repeat(5000), 'stub')
      undoAnswer(root, exercise)
      if (n === 0) process.stdout.write('working')
    }`
  const stdin = { contents, resolveDir: base, loader: 'ts' as const }
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: program })
})

const MINE = 'mine'.repeat(5000)
const STUB = 'stub'.repeat(5000)

test.each([0, 1, 2, 3, 5, 8, 13, 21])(
  'a kill %i ms into the work leaves whole texts, and none is lost',
  async (ms) => {
    const root = mkdtempSync(path.join(base, 'root-'))
    const exercise: AnswerFile = { name: '03-produce-event', file: path.join(root, 'produce-event.ts') }
    writeFileSync(exercise.file, MINE)
    mkdirSync(path.join(root, '.workbook'))
    const child = spawn(process.execPath, [program, root, exercise.file])
    await once(child.stdout, 'data')
    setTimeout(() => child.kill('SIGKILL'), ms)
    await once(child, 'close')
    expect(existsSync(exercise.file)).toBe(true)
    const now = readFileSync(exercise.file, 'utf8')
    expect([MINE, STUB]).toContain(now)
    const kept = listAttempts(root, exercise).map(({ file }) => readFileSync(file, 'utf8'))
    expect([...kept, now]).toContain(MINE)
    for (const text of kept) expect([MINE, STUB]).toContain(text)
    expect(learnerJournal(root).read().setAside).toBeNull()
    undoAnswer(root, exercise)
    expect(readFileSync(exercise.file, 'utf8')).toBe(now === MINE ? STUB : MINE)
  },
)

/** Runs a command where `folder` is a disk of its own, with room for `bytes`. */
function withSmallDisk(folder: string, bytes: number, command: string) {
  // The files of the folder go along, as far as there is room.
  const script = `cp -a "$0" "$0.before" && mount -t tmpfs -o size=${bytes} small "$0" && cp -a "$0.before/." "$0" && ${command}`
  return spawnSync('unshare', ['--mount', 'sh', '-c', script, folder], { encoding: 'utf8' })
}

test.for(['.workbook', 'exercises'])(
  'a disk that is full under %s: told, and the file is as it was',
  (full, { skip }) => {
    const root = mkdtempSync(path.join(base, 'full-'))
    const file = path.join(root, 'exercises', 'produce-event.ts')
    for (const folder of ['.workbook', 'exercises']) mkdirSync(path.join(root, folder))
    writeFileSync(file, MINE)
    const folder = path.join(root, full)
    const node = `'${process.execPath}' '${program}' '${root}' '${file}' once; cat '${file}'; ls -A '${root}/exercises'`
    skip(
      withSmallDisk(mkdtempSync(path.join(base, 'try-')), 65_536, 'true').status !== 0,
      'no disk can be made here',
    )
    const { stdout } = withSmallDisk(folder, full === 'exercises' ? 24_576 : 8_192, node)
    const said = full === 'exercises' ? 'produce-event.ts cannot be written' : 'Your answer cannot be kept'
    expect(stdout).toContain(`${said}: ENOSPC: no space left on device, write.\n${MINE}produce-event.ts\n`)
    expect(stdout).toMatch(/^WorkbookError: /)
  },
)
