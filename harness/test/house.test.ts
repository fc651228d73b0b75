import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** Rooms from the top down; imports point down this list only. Files beside the rooms (`result.ts`) lie below them all. */
const ROOMS = [
  'cli',
  'verify',
  'demo',
  'grade',
  'run',
  'check',
  'answer',
  'exercise',
  'kafka',
  'quiz',
  'progress',
  'markdown',
  'report',
]
const KAFKA_ROOMS = ['(files)', 'wiretap', 'embedded', 'client', 'protocol']

const harness = fileURLToPath(new URL('..', import.meta.url))
const EXEMPT = ['bin', 'test']

interface Import {
  from: string
  to: string
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.split(path.sep).join('/'))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(harness, file), 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] as string,
  )
  return specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({
      from: file,
      to: path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)),
    }))
}

const files = filesOf(harness).filter((file) => !EXEMPT.includes(file.split('/')[0] as string))
const imports = files.flatMap(importsOf)

/** How high a file lies; files beside the rooms lie lowest. */
function height(file: string, rooms: string[], depth: number): number {
  const parts = file.split('/')
  if (parts.length <= depth + 1) return depth === 0 ? -1 : rooms.length - rooms.indexOf('(files)')
  const room = rooms.indexOf(parts[depth] as string)
  expect(room, `${file} lies in a room that the house does not have`).toBeGreaterThanOrEqual(0)
  return rooms.length - room
}

describe('the house', () => {
  test('imports point down, from room to room', () => {
    const upward = imports.filter(({ from, to }) => height(to, ROOMS, 0) > height(from, ROOMS, 0))
    expect(upward).toEqual([])
  })

  test('inside kafka, imports point down, too', () => {
    const inside = imports.filter(({ from, to }) => from.startsWith('kafka/') && to.startsWith('kafka/'))
    const upward = inside
      .filter(({ to }) => to !== 'kafka/broker.ts')
      .filter(({ from, to }) => height(to, KAFKA_ROOMS, 1) > height(from, KAFKA_ROOMS, 1))
    expect(upward).toEqual([])
  })

  test('no file of the harness imports an answer or a scene, types excepted', () => {
    const answers = files.filter((file) => {
      const text = readFileSync(path.join(harness, file), 'utf8')
      return /import\s+(?!type\b)[^'"]*['"][^'"]*(exercises|solutions)\//.test(text)
    })
    expect(answers).toEqual([])
  })

  test('no file imports itself in a circle', () => {
    const next = new Map<string, string[]>()
    for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
    const circles: string[] = []
    const done = new Set<string>()
    const visit = (file: string, trail: string[]): void => {
      if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '))
      if (done.has(file) || trail.includes(file)) return
      for (const to of next.get(file) ?? []) visit(to, [...trail, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  test('every file can be held in mind: at most 300 lines', () => {
    const long = files.filter(
      (file) => readFileSync(path.join(harness, file), 'utf8').split('\n').length > 301,
    )
    expect(long).toEqual([])
  })
})
