import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Entry, Journal } from '../../progress/journal.ts'

interface Note extends Entry {
  kind: 'note'
  text: string
}

const base = mkdtempSync(path.join(os.tmpdir(), 'journal-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

let journal: Journal<Note>
beforeEach(() => {
  journal = new Journal(mkdtempSync(path.join(base, 'root-')), 'quiz')
})

const note = (text: string): Note => ({ kind: 'note', at: '2026-03-02T10:00:00.000Z', text })
const line = (text: string) => `${JSON.stringify(note(text))}\n`
const texts = (of: Journal<Note> = journal) => of.read().entries.map(({ text }) => text)
const asides = () => readdirSync(path.dirname(journal.file)).filter((name) => name.includes('.broken-'))

/** The file as a crash, an editor or a friend left it. */
function fileIs(content: string | Buffer): void {
  mkdirSync(path.dirname(journal.file), { recursive: true })
  writeFileSync(journal.file, content)
}

describe('appending', () => {
  test('nothing is there before', () => {
    expect(journal.read()).toEqual({ entries: [], setAside: null })
  })

  test('makes the folder, and the entry is in the file when it returns', () => {
    journal.append(note('one'))
    expect(readFileSync(journal.file, 'utf8').trim()).toBe(line('one').trim())
    journal.append(note('two\nlines, ✓ and \u0000'))
    expect(journal.read()).toEqual({
      entries: [note('one'), note('two\nlines, ✓ and \u0000')],
      setAside: null,
    })
  })

  test('another journal of the same name reads it, one of another name does not', () => {
    const root = path.dirname(path.dirname(journal.file))
    journal.append(note('one'))
    expect(texts(new Journal(root, 'quiz'))).toEqual(['one'])
    expect(texts(new Journal(root, 'other'))).toEqual([])
  })
})

describe('a file that is broken', () => {
  test('a torn last line costs itself alone', () => {
    fileIs(line('one') + line('two').slice(0, 20))
    expect(journal.read()).toEqual({ entries: [note('one')], setAside: null })
    journal.append(note('three'))
    expect(texts()).toEqual(['one', 'three'])
  })

  test('a kill at any byte loses one line at most', () => {
    const whole = Buffer.from(line('one ✓') + line('two') + line('three'))
    for (let length = 0; length <= whole.length; length++) {
      fileIs(whole.subarray(0, length))
      const before = texts()
      expect(before).toEqual(['one ✓', 'two', 'three'].slice(0, before.length))
      expect(before.length).toBeGreaterThanOrEqual(
        whole.subarray(0, length).toString().split('\n').length - 1,
      )
      journal.append(note('four'))
      expect(texts()).toEqual([...before, 'four'])
    }
  })

  test('junk in the middle is put aside, and everything that can be read stays', () => {
    const content = `${line('one')}{"kind":"no\n${line('two')}\u0000\u0000\n[]\nnull\n{"kind":"note"}\n${line('three')}`
    fileIs(content)
    const { entries, setAside } = journal.read()
    expect(entries).toEqual([note('one'), note('two'), note('three')])
    expect(readFileSync(setAside as string, 'utf8')).toBe(content)
    expect(journal.read()).toEqual({ entries, setAside: null })
    expect(asides()).toHaveLength(1)
  })

  test('whatever is in it, what can be read is read, again and again', () => {
    const piece = fc.oneof(
      fc.nat(99).map((n) => line(`${n}`)),
      fc.constantFrom('junk\n', '\n', '\u0000', '{"kind":', '\u00FF\n', '\r\n', ' '),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        fileIs(pieces.join(''))
        const whole = pieces
          .join('')
          .split('\n')
          .filter((one) => one.trim().startsWith('{"kind":"note"'))
          .map((one) => JSON.parse(one).text)
        expect(texts()).toEqual(whole)
        journal.append(note('last'))
        expect(texts()).toEqual([...whole, 'last'])
        expect(journal.read()).toEqual({ entries: [...whole, 'last'].map(note), setAside: null })
      }),
      { numRuns: 60 },
    )
  })

  test('what another process appends while junk is put aside is not lost', () => {
    fileIs(`${line('one')}junk\n`)
    const writer = new Journal<Note>(path.dirname(path.dirname(journal.file)), 'quiz')
    const real = JSON.parse
    // Between the reading of the file and the blanking of its junk somebody else appends.
    let appended = 0
    JSON.parse = (text: string) => {
      if (text.startsWith('junk') && appended++ === 0) writer.append(note('two'))
      return real(text)
    }
    try {
      journal.read()
    } finally {
      JSON.parse = real
    }
    expect(appended).toBe(1)
    expect(texts()).toEqual(['one', 'two'])
  })
})

test('a file that cannot be read is told', () => {
  mkdirSync(journal.file, { recursive: true })
  expect(() => journal.read()).toThrow(/quiz\.jsonl cannot be read: EISDIR/)
})

test('a folder that cannot be made is told', () => {
  writeFileSync(path.dirname(journal.file), 'a file')
  expect(() => journal.append(note('one'))).toThrow(/EEXIST|ENOTDIR/)
})

describe('processes', () => {
  const program = path.join(base, 'append.mjs')

  beforeAll(async () => {
    const source = fileURLToPath(new URL('../../progress/journal.ts', import.meta.url))
    // Appends so many entries, and says each one when it is on the disk.
    const contents = `import { Journal } from ${JSON.stringify(source)}
      const [root, name, count] = process.argv.slice(2)
      const journal = new Journal(root, 'quiz')
      if (name === 'read') console.log(JSON.stringify(journal.read()))
      for (let n = 0; n < Number(count); n++) {
        journal.append({ kind: 'note', at: '', text: name + n, padding: 'x'.repeat(n % 500) })
        process.stdout.write(n + '\\n')
      }`
    const stdin = { contents, resolveDir: base, loader: 'ts' as const }
    await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: program })
  })

  const root = () => path.dirname(path.dirname(journal.file))
  const written = (name: string) => texts().filter((text) => text.startsWith(name))
  const numbered = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}${n}`)

  test('two writers lose nothing, and mix no lines', async () => {
    fileIs('junk\n')
    const run = (name: string) => promisify(execFile)(process.execPath, [program, root(), name, '150'])
    const running = Promise.all([run('a'), run('b')])
    let isRunning = true
    running.finally(() => {
      isRunning = false
    })
    // A reader that puts junk aside meanwhile takes nothing from them.
    for (let round = 0; isRunning; round++) {
      if (round % 10 === 0) appendFileSync(journal.file, '\njunk\n')
      journal.read()
      await new Promise(setImmediate)
    }
    await running
    expect(written('a')).toEqual(numbered('a', 150))
    expect(written('b')).toEqual(numbered('b', 150))
  })

  test.skipIf(process.platform === 'win32')(
    'a folder that cannot be written is read, and an append fails',
    async () => {
      fileIs(`${line('one')}junk\n${line('two')}`)
      for (const folder of [base, root()]) chmodSync(folder, 0o755)
      chmodSync(journal.file, 0o444)
      chmodSync(path.dirname(journal.file), 0o555)
      // Who may do everything may write it, too.
      const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
      const run = promisify(execFile)
      const read = await run(process.execPath, [program, root(), 'read', '0'], nobody)
      expect(JSON.parse(read.stdout)).toEqual({ entries: [note('one'), note('two')], setAside: null })
      await expect(run(process.execPath, [program, root(), 'a', '1'], nobody)).rejects.toThrow(/EACCES|EPERM/)
      expect(asides()).toEqual([])
      chmodSync(path.dirname(journal.file), 0o755)
    },
  )

  test('what was said to be written is there after a kill', async () => {
    const child = spawn(process.execPath, [program, root(), 'k', '100000'])
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.split('\n').length > 40) child.kill('SIGKILL')
    })
    await once(child, 'close')
    const last = Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1))
    expect(last).toBeGreaterThanOrEqual(39)
    expect(written('k').slice(0, last + 1)).toEqual(numbered('k', last + 1))
    journal.append(note('after'))
    expect(texts().at(-1)).toBe('after')
  })
})
