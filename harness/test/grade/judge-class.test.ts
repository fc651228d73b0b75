import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { HandedAnswer } from '../../grade/hand-in.ts'
import { type ClassProgress, judgeClass } from '../../grade/judge-class.ts'
import { JudgedBefore } from '../../grade/judged-before.ts'
import type { ExerciseResult } from '../../result.ts'
import type { Session } from '../../run/session.ts'
import { check, result } from './sample-grades.ts'
import { EXERCISES, ROOT } from './shipped-exercises.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wb-judge-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const exercise = EXERCISES[2] as (typeof EXERCISES)[number]
const passed = result(check('stored', 'passed'))
const broken: ExerciseResult = { ...passed, verdict: 'error' }
const CONDITIONS = { workbook: '1', broker: 'embedded-4.x', seed: 7, mode: 'learn' }

type HandedFile = Extract<HandedAnswer, { kind: 'file' }>
const text = (hash: string): HandedFile => {
  const staged = path.join(folder, `${hash}.ts`)
  return { kind: 'file', exercise, path: 'x.ts', staged, hash, codeHash: null }
}

let output: string
let pools: string[][]
let count = 0
beforeEach(() => {
  count += 1
  output = path.join(folder, `output-${count}`)
  pools = []
})

/** Judges texts by their hash in sessions that say what they are told to; which pool judged what is in `pools`. */
function judgeWith(
  answers: Record<string, (ExerciseResult | Error)[]>,
  more: Partial<typeof CONDITIONS> = {},
) {
  const progress: ClassProgress[] = []
  const session = {
    async judge(_: unknown, { file }: { file: string }) {
      const hash = path.basename(file, '.ts')
      pools.at(-1)?.push(hash)
      const next = answers[hash]?.shift()
      if (!next || next instanceof Error) throw next ?? new Error('judged too often')
      return next
    },
  } as unknown as Session
  const openPool = async () => {
    pools.push([])
    return {
      async each<T>(items: readonly T[], _: unknown, work: (session: Session, item: T) => Promise<void>) {
        for (const item of items) await work(session, item)
      },
      async close() {},
    }
  }
  const before = new JudgedBefore(ROOT, output, { ...CONDITIONS, ...more })
  const texts = Object.keys(answers).map(text)
  return judgeClass(texts, before, openPool, (now) => progress.push(now)).then((results) => ({
    results,
    progress,
  }))
}

const of = (results: Awaited<ReturnType<typeof judgeWith>>['results'], hash: string) =>
  results.get(`${exercise.name} ${hash}`)

describe('a class', () => {
  test('an error is tried once more, after all others and in new sessions; one that stays is told', async () => {
    const gone = new Error('the worker is gone')
    const { results, progress } = await judgeWith({
      a: [broken, passed],
      b: [passed],
      c: [gone, passed],
      d: [broken, gone],
    })
    expect(pools).toEqual([
      ['a', 'b', 'c', 'd'],
      ['a', 'c', 'd'],
    ])
    expect(['a', 'b', 'c'].map((hash) => of(results, hash))).toMatchObject(
      Array(3).fill({ verdict: 'passed' }),
    )
    expect(of(results, 'd')).toBe(gone)
    expect(progress.at(-1)).toMatchObject({ done: 4, all: 4, before: 0 })
  })

  test('what was judged is judged again only under other conditions, and an error always', async () => {
    await judgeWith({ a: [passed], b: [broken, broken] })
    const { progress } = await judgeWith({ a: [], b: [passed] })
    expect(pools.slice(2)).toEqual([['b']])
    expect(progress[0]).toMatchObject({ done: 1, all: 2, before: 1 })
    await judgeWith({ a: [], b: [] })
    expect(pools).toHaveLength(3)
    for (const more of [{ seed: 8 }, { broker: 'jvm-4.3.1' }, { workbook: '2' }, { mode: 'strict' }])
      await judgeWith({ a: [passed] }, more)
    expect(pools.slice(3)).toEqual([['a'], ['a'], ['a'], ['a']])
  })
})
