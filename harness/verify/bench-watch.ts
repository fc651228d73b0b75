import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { solutionOf } from '../exercise/answer.ts'
import { findExercise, listExercises } from '../exercise/find.ts'
import { watchSaves } from '../run/saves.ts'
import { type Step, startWatch, step, type WatchEvent } from '../run/watch.ts'
import { openWatchWork } from '../run/watch-work.ts'
import { emptyVitestProject } from './bench.ts'
import { copyForBench } from './bench-copy.ts'

/** Nobody saves twice in so short a time; what the one before left behind is over by then. */
const BETWEEN_SAVES_MS = 400
const LONGEST_RUN_MS = 60_000
const COPIED = ['package.json', 'tsconfig.json', 'exercises', 'solutions', path.join('harness', 'exercise')]

/** Something that judges on save. `save` writes the file anew, and resolves at the verdict with the milliseconds between. */
export interface Watched {
  name: string
  save(): Promise<number>
  close(): Promise<void>
}

/** The milliseconds of every save of one subject. */
export interface SaveTimes {
  name: string
  ms: number[]
}

/** Saves in turn (A B C A B C ...), after one round that does not count. */
export async function timeSaves(
  subjects: readonly Watched[],
  saves: number,
  onSave: (round: number) => void,
): Promise<SaveTimes[]> {
  const times = subjects.map(({ name }): SaveTimes => ({ name, ms: [] }))
  for (let round = 0; round <= saves; round++) {
    onSave(round)
    for (const [index, subject] of subjects.entries()) {
      await pause(BETWEEN_SAVES_MS)
      const ms = await subject.save()
      if (round > 0) times[index]?.ms.push(ms)
    }
  }
  return times
}

/** Watch mode without a screen, on the shipped solution of one exercise in a copy of the workbook. */
export async function watchedExercise(root: string, built: string, number: string): Promise<Watched> {
  const copy = copyForBench(root, COPIED)
  const exercises = listExercises(copy)
  const exercise = findExercise(exercises, number)
  const solution = readFileSync(solutionOf(exercise).file, 'utf8')
  writeFileSync(exercise.file, solution)
  let onVerdict: (event: WatchEvent) => void = () => {}
  const work = await openWatchWork({
    session: { root: copy, built, broker: 'embedded', seed: 1 },
    cwd: copy,
    emit: (event) => emit(event),
    keep() {},
  })
  const saves = watchSaves(() => emit({ kind: 'saved' }))
  const titled = exercises.map(({ name }) => ({ name, title: '' }))
  const first = startWatch(titled, exercises.indexOf(exercise), new Set())
  let { state } = first

  function follow(after: Step): void {
    state = after.state
    for (const action of after.actions) {
      if (action.kind === 'attend') saves.attend(exercise.file)
      if (action.kind === 'judge') void work.judge(action.exercise)
      if (action.kind === 'cancel') work.cancel()
    }
  }
  function emit(event: WatchEvent): void {
    follow(step(state, event))
    if (event.kind === 'judged' || event.kind === 'ended') onVerdict(event)
  }
  const verdict = () =>
    new Promise<void>((resolve, reject) => {
      onVerdict = (event) => {
        if (event.kind === 'judged' && event.result.verdict === 'passed') resolve()
        else reject(new Error(`${exercise.name} did not pass: ${JSON.stringify(event)}`))
      }
    })
  const judged = verdict()
  follow(first)
  await judged

  let saved = 0
  return {
    name: `npm start ${number}`,
    async save() {
      const passed = verdict()
      const startedAt = performance.now()
      writeFileSync(exercise.file, `${solution}\n// save ${++saved}\n`)
      await passed
      return performance.now() - startedAt
    },
    async close() {
      saves.close()
      await work.close()
      rmSync(copy, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** `vitest --watch` on one empty test. */
export async function watchedVitest(root: string): Promise<Watched> {
  const { folder, remove } = emptyVitestProject(root)
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, '--watch'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const file = path.join(folder, 'test', 'empty.test.ts')
  const test = readFileSync(file, 'utf8')
  await nextVerdict(child)
  let saved = 0
  return {
    name: 'vitest --watch (one empty test)',
    async save() {
      const judged = nextVerdict(child)
      const startedAt = performance.now()
      writeFileSync(file, `${test}\n// save ${++saved}\n`)
      await judged
      return performance.now() - startedAt
    },
    async close() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await gone
      remove()
    },
  }
}

/** Vitest says so when a run is over. */
function nextVerdict({ stdout }: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const patience = setTimeout(() => reject(new Error(`vitest says nothing:\n${text}`)), LONGEST_RUN_MS)
    const hear = (chunk: Buffer) => {
      text += chunk.toString()
      if (!/Waiting for file changes/.test(text)) return
      clearTimeout(patience)
      stdout?.off('data', hear)
      resolve()
    }
    stdout?.on('data', hear)
  })
}
