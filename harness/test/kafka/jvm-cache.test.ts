import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openJvmCache } from '../../kafka/jvm-cache.ts'
import type { JvmNode } from '../../kafka/jvm-nodes.ts'

const HOME = { version: '4.3.1', classPath: '/kafka/libs/*' }
let root: string

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'jvm-cache-'))
  vi.stubEnv('JAVA_HOME', path.join(root, 'jdk-17'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  fs.rmSync(root, { recursive: true, force: true })
})

function node(id: number): JvmNode {
  return { id, folder: fs.mkdtempSync(path.join(root, 'node-')), clientPort: 1, controllerPort: 2 }
}

/** A node whose folder is formatted, and has been written to since. */
function formatted(id: number): JvmNode {
  const made = node(id)
  fs.mkdirSync(path.join(made.folder, 'data'))
  for (const name of ['meta.properties', 'bootstrap.checkpoint', 'recovery-point-offset-checkpoint']) {
    fs.writeFileSync(path.join(made.folder, 'data', name), `${name} of ${id}`)
  }
  return made
}

test('a formatted folder is kept, and given to the next node of the same id, without what came later', () => {
  const cache = openJvmCache(root, HOME)
  const next = node(1)
  expect(cache.giveStorage(next)).toBe(false)
  cache.keepStorage(formatted(1))
  expect(cache.giveStorage(next)).toBe(true)
  const data = path.join(next.folder, 'data')
  expect(fs.readdirSync(data).sort()).toEqual(['bootstrap.checkpoint', 'meta.properties'])
  expect(fs.readFileSync(path.join(data, 'meta.properties'), 'utf8')).toBe('meta.properties of 1')
  expect(cache.giveStorage(node(2))).toBe(false)
})

test('a node that died before it was formatted leaves nothing half', () => {
  const cache = openJvmCache(root, HOME)
  cache.keepStorage(node(1))
  expect(cache.giveStorage(node(1))).toBe(false)
})

describe.skipIf(process.platform === 'win32')('the archive of classes', () => {
  test('is made by one who may, and used by all after it', () => {
    const cache = openJvmCache(root, HOME)
    const first = node(1)
    expect(cache.classes(first, false)).toEqual({ options: [] })
    const { options, archive } = cache.classes(first, true)
    expect(options).toEqual([`-XX:ArchiveClassesAtExit=${archive?.made}`])
    fs.writeFileSync(archive?.kept as string, '')
    expect(cache.classes(node(1), true)).toEqual({ options: [`-XX:SharedArchiveFile=${archive?.kept}`] })
  })

  test('is not used with another version, other jars or another Java', () => {
    const { archive } = openJvmCache(root, HOME).classes(node(1), true)
    fs.writeFileSync(archive?.kept as string, '')
    const isShared = (home: typeof HOME) =>
      openJvmCache(root, home).classes(node(1), false).options.length > 0
    expect(isShared(HOME)).toBe(true)
    expect(isShared({ ...HOME, version: '4.2.1' })).toBe(false)
    expect(isShared({ ...HOME, classPath: '/other/libs/*' })).toBe(false)
    fs.mkdirSync(path.join(root, 'jdk-17', 'bin'), { recursive: true })
    fs.writeFileSync(path.join(root, 'jdk-17', 'bin', 'java'), '')
    expect(isShared(HOME)).toBe(false)
  })

  test('where nothing can be written, every start is a first one', () => {
    fs.writeFileSync(path.join(root, '.workbook'), 'not a folder')
    const cache = openJvmCache(root, HOME)
    cache.keepStorage(formatted(1))
    expect(cache.giveStorage(node(1))).toBe(false)
    expect(cache.classes(node(1), true)).toEqual({ options: [] })
  })
})
