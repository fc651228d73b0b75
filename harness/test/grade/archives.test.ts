import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { LIMITS, type Limits } from '../../grade/archive-rules.ts'
import { readArchive } from '../../grade/read-source.ts'
import { deflatedZip, tar, tarGz, tarOf, zip, zipWithMode, zipWithPassword } from './make-archives.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wb-archives-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let made = 0

/** What is read of an archive, as text by path; every file that ends in .ts is wanted. */
async function opened(bytes: Buffer, kind: string, limits: Limits = LIMITS): Promise<Record<string, string>> {
  made += 1
  const file = path.join(folder, `${made}.${kind}`)
  writeFileSync(file, bytes)
  const files = await readArchive(file, (name) => name.endsWith('.ts'), limits)
  return Object.fromEntries(files.map((one) => [one.path, one.bytes.toString()]))
}

const FILES = { './a/one.ts': 'first', 'a/notes.txt': 'not wanted', 'two.ts': 'zweite Antwort: ö' }
const WANTED = { 'a/one.ts': 'first', 'two.ts': 'zweite Antwort: ö' }

describe('an archive gives the wanted files', () => {
  test('zip, packed', async () => {
    const text = 'text '.repeat(100)
    expect(await opened(deflatedZip('one.ts', text), 'zip')).toEqual({ 'one.ts': text })
  })
  test('zip', async () => expect(await opened(zip(FILES), 'zip')).toEqual(WANTED))
  test('tar', async () => expect(await opened(await tar(FILES), 'tar')).toEqual(WANTED))
  test('tar.gz and tgz', async () => {
    expect(await opened(await tarGz(FILES), 'tar.gz')).toEqual(WANTED)
    expect(await opened(await tarGz(FILES), 'TGZ')).toEqual(WANTED)
  })
  test('a path with backslashes, as old tools of Windows write it', async () => {
    expect(await opened(zip({ 'a\\one.ts': 'first' }), 'zip')).toEqual({ 'a/one.ts': 'first' })
  })
  test('a link that is no answer is passed over: packages are full of them', async () => {
    const bytes = await tarOf([
      [{ name: 'node_modules/.bin/x', type: 'symlink', linkname: '/etc/passwd' }, ''],
      [{ name: 'one.ts' }, 'first'],
    ])
    expect(await opened(bytes, 'tar')).toEqual({ 'one.ts': 'first' })
  })
})

describe('a name that leaves the archive spoils it', () => {
  test.each([
    ['../one.ts', /leads out of the archive/],
    ['a/../../one.ts', /leads out of the archive/],
    ['..\\one.ts', /leads out of the archive/],
    ['/etc/one.ts', /is absolute/],
    ['C:\\one.ts', /is absolute/],
    ['c:one.ts', /is absolute/],
    ['one\0.ts', /zero byte/],
  ])('%j', async (name, why) => {
    await expect(opened(zip({ [name]: 'x' }), 'zip')).rejects.toThrow(why)
    if (!name.includes('\0')) await expect(opened(await tar({ [name]: 'x' }), 'tar')).rejects.toThrow(why)
  })
})

describe('only regular files are answers', () => {
  test.each([0o120777, 0o010644, 0o060644, 0o020644])('not a file of mode %o in a zip', async (mode) => {
    await expect(opened(zipWithMode('one.ts', '/etc/passwd', mode), 'zip')).rejects.toThrow(
      'one.ts is a link, or no file at all',
    )
  })
  test('a file of mode 100644 in a zip', async () => {
    expect(await opened(zipWithMode('one.ts', 'text', 0o100644), 'zip')).toEqual({ 'one.ts': 'text' })
  })
  test.each(['symlink', 'link', 'fifo', 'character-device', 'block-device'] as const)(
    'not a %s in a tar',
    async (type) => {
      const bytes = await tarOf([[{ name: 'one.ts', type, linkname: '/etc/passwd' }, '']])
      await expect(opened(bytes, 'tar')).rejects.toThrow('one.ts is a link, or no file at all')
    },
  )
})

describe('too much is refused before it is there', () => {
  const limits = { ...LIMITS, entries: 3, fileBytes: 1000, keptBytes: 1500, ratioFromBytes: 5000 }

  test('a file that is too large', async () => {
    const large = { 'one.ts': 'x'.repeat(1001) }
    await expect(opened(zip(large), 'zip', limits)).rejects.toThrow('one.ts has more than 1000 bytes')
    await expect(opened(await tar(large), 'tar', limits)).rejects.toThrow('one.ts has more than 1000 bytes')
  })
  test('many files', async () => {
    const many = { 'a.txt': '', 'b.txt': '', 'c.txt': '', 'd.txt': '' }
    await expect(opened(zip(many), 'zip', limits)).rejects.toThrow('more than 3 entries')
    await expect(opened(await tar(many), 'tar', limits)).rejects.toThrow('more than 3 entries')
  })
  test('files that are too much together', async () => {
    const both = { 'a.ts': 'x'.repeat(800), 'b.ts': 'x'.repeat(800) }
    await expect(opened(zip(both), 'zip', limits)).rejects.toThrow('more than 1500 bytes together')
  })
  test('a bomb: a size in the directory that no text packs to', async () => {
    await expect(opened(deflatedZip('a.txt', 'x', 4_000_000_000), 'zip')).rejects.toThrow(
      /unpacks to more than/,
    )
  })
  test('a bomb: ten million zeros in ten thousand bytes', async () => {
    const bomb = gzipSync(await tar({ 'a.txt': '0'.repeat(10_000_000) }))
    expect(bomb.length).toBeLessThan(20_000)
    await expect(opened(bomb, 'tar.gz', limits)).rejects.toThrow('more than 200 times its size')
  })
  test('an archive that is too large itself', async () => {
    await expect(opened(zip(FILES), 'zip', { ...limits, archiveBytes: 100 })).rejects.toThrow('more than 100')
  })
})

describe('what is broken says so', () => {
  test('a size that is not true', async () => {
    await expect(opened(deflatedZip('one.ts', 'text '.repeat(100), 499), 'zip')).rejects.toThrow()
  })
  test('a password', async () => {
    await expect(opened(zipWithPassword('one.ts'), 'zip')).rejects.toThrow('one.ts has a password')
  })
  test.each(['zip', 'tar', 'tar.gz'])('half a %s, and something else under its name', async (kind) => {
    const whole = kind === 'zip' ? zip(FILES) : kind === 'tar' ? await tar(FILES) : await tarGz(FILES)
    await expect(opened(whole.subarray(0, Math.floor(whole.length / 3)), kind)).rejects.toThrow()
    await expect(opened(Buffer.from('not an archive at all '.repeat(60)), kind)).rejects.toThrow()
  })
})
