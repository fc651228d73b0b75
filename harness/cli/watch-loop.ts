import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Exercise, findExercise, isPure, readPage } from '../exercise/find.ts'
import { type CoursePath, exercisesOn } from '../exercise/paths.ts'
import { quizzesAbout } from '../quiz/quiz-files.ts'
import type { Look } from '../report/style.ts'
import { furthestScroll, watchScreen } from '../report/watch-screen.ts'
import { watchSaves } from '../run/saves.ts'
import { nameIn, type Step, startWatch, step, type WatchEvent } from '../run/watch.ts'
import type { WatchedPath } from '../run/watch-path.ts'
import { toldVerdict, viewOf, type WatchSurroundings } from '../run/watch-view.ts'
import { passedExercises, type WatchWork } from '../run/watch-work.ts'
import type { Invocation } from './command.ts'
import { watchActions } from './watch-actions.ts'
import { plainWatch } from './watch-plain.ts'
import { openTerminal } from './watch-terminal.ts'

/** How often the seconds on the screen are drawn anew. */
const TICK_MS = 100

export interface WatchLoop {
  /** Judges for the first time. */
  start(): void
  /** What happens elsewhere: checks, verdicts, the broker. */
  emit(event: WatchEvent): void
  /** Resolves with the exit code when the learner leaves. */
  left: Promise<number>
  close(): void
}

interface WatchSetting {
  exercises: readonly Exercise[]
  /** The exercise in hand at the start. */
  first: Exercise
  /** The way through the book: what `n` goes to. */
  path: CoursePath
  work: WatchWork
  /** From top to bottom, without a moving cursor. */
  isPlain: boolean
}

/** Joins the parts of watch mode: every event goes through the state machine, then the screen and the work follow. */
export function watchLoop(
  invocation: Invocation,
  { exercises, first, path: coursePath, work, isPlain }: WatchSetting,
): WatchLoop {
  const { root, cwd, screen } = invocation
  const titled = exercises.map((exercise) => ({ name: exercise.name, title: readPage(exercise).title }))
  const started = startWatch(
    titled,
    exercises.indexOf(first),
    passedExercises(root),
    watchedPath(coursePath, exercises),
  )
  let { state } = started
  let workBegan = performance.now()
  let quizAbout = quizzesAbout(root)
  let leave: (code: number) => void = () => {}
  const left = new Promise<number>((resolve) => {
    leave = resolve
  })

  const terminal = openTerminal(
    {
      onKey: (key) => emit({ kind: 'key', key, furthest: furthest() }),
      onRedraw: () => draw(),
      onContinue: () => emit({ kind: 'continued' }),
      onEnd: () => leave(2),
    },
    !isPlain,
  )
  const saves = watchSaves(() => emit({ kind: 'saved' }))
  const look = (): Look => ({
    ...screen.look,
    ticks: screen.look.ticks && !isPlain,
    width: isPlain ? screen.look.width : terminal.size().width,
  })
  const perform = watchActions({ root, cwd, exercises, work, saves, look, emit, leave, terminal })
  const showPlain = isPlain ? plainWatch((lines) => screen.print(lines)) : null
  const ticking = setInterval(() => {
    if (state.phase === 'judging' || state.phase === 'playing') draw()
  }, TICK_MS).unref()

  function surroundings(): WatchSurroundings {
    const exercise = findExercise([...exercises], nameIn(state))
    const { broker, seed } = work.session()
    return {
      report: {
        broker: isPure(exercise) ? null : broker.kind,
        seed,
        root,
        cwd,
        allWire: false,
        next: null,
        quizAbout,
      },
      place: path.relative(cwd, exercise.file),
      link: pathToFileURL(exercise.file).href,
      elapsedMs: performance.now() - workBegan,
    }
  }

  const view = () => viewOf(state, surroundings(), look())

  function draw(): void {
    if (showPlain) showPlain(state, surroundings(), look())
    else terminal.draw(watchScreen(view(), look(), terminal.size().rows))
  }

  function furthest(): number {
    return isPlain ? 0 : furthestScroll(view(), terminal.size().rows)
  }

  function follow(after: Step): void {
    if (after.state.phase !== state.phase) workBegan = performance.now()
    if (after.state.result !== state.result) quizAbout = quizzesAbout(root)
    state = after.state
    draw()
    for (const action of after.actions) perform(action, state)
  }

  function emit(event: WatchEvent): void {
    follow(step(state, event))
  }

  return {
    start: () => follow(started),
    emit,
    left,
    close() {
      clearInterval(ticking)
      saves.close()
      terminal.close()
      if (!isPlain && state.result) screen.print(`${nameIn(state)}: ${toldVerdict(state.result)}`)
    },
  }
}

/** The whole book needs no saying. */
function watchedPath(path: CoursePath, exercises: readonly Exercise[]): WatchedPath | null {
  if (!path.numbers) return null
  const stops = exercisesOn(path, exercises).map((exercise) => exercises.indexOf(exercise))
  return { name: path.name, stops }
}
