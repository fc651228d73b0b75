import type { CheckResult, ExerciseResult } from '../result.ts'
import { type BookList, listKey, openList } from './watch-list.ts'
import { HELP, type WatchPage } from './watch-page.ts'
import { stopBeside, type WatchedPath } from './watch-path.ts'

/** One line of the book, as watch mode knows it. */
export interface WatchedExercise {
  /** `03-produce-event` */
  name: string
  title: string
}

/**
 * What is at work. One thing at a time: `ending` waits for the end of what was cancelled, `no broker` for a broker.
 * `left`: nothing is done any more.
 */
export type Phase = 'resting' | 'judging' | 'playing' | 'ending' | 'no broker' | 'left'

/** Everything that watch mode remembers. It is never changed in place. */
export interface WatchState {
  exercises: readonly WatchedExercise[]
  /** Index of the exercise in hand. */
  at: number
  passed: ReadonlySet<string>
  /** Null is the whole book. */
  path: WatchedPath | null
  phase: Phase
  /** What begins as soon as nothing is at work. */
  next: 'judge' | 'play' | null
  /** First six hex digits of what is judged, or was judged last. */
  hash: string
  /** The checks of the judgement at work, as they come. */
  checks: readonly CheckResult[]
  result: ExerciseResult | null
  /** What TypeScript says of the text that `result` is about. */
  typeErrors: readonly string[]
  /** One sentence about the exercise in hand, which stays below its verdicts. */
  news: string
  page: WatchPage | null
  /** Lines above the window on the verdict or the page. */
  scroll: number
  /** What `y` would do. */
  question: 'reset' | 'solution' | null
  list: BookList | null
  /** One sentence about the last key. */
  notice: string
}

export type WatchEvent =
  /** `furthest`: how many lines can stand above the window at most. */
  | { kind: 'key'; key: string; furthest: number }
  | { kind: 'saved' }
  | { kind: 'begun'; hash: string }
  | { kind: 'check'; check: CheckResult }
  | { kind: 'judged'; result: ExerciseResult }
  /** What TypeScript says of the text that was judged; it comes after the verdict. */
  | { kind: 'type errors'; result: ExerciseResult; errors: readonly string[] }
  /** What was at work is over without a verdict: cancelled, or a sentence says why. */
  | { kind: 'ended'; sentence: string }
  | { kind: 'page'; page: WatchPage }
  | { kind: 'notice'; sentence: string }
  | { kind: 'news'; sentence: string }
  | { kind: 'progress'; passed: ReadonlySet<string> }
  | { kind: 'broker lost'; sentence: string }
  | { kind: 'broker back' }
  /** The terminal was somebody else's for a while (Ctrl+Z, fg): deadlines have passed meanwhile. */
  | { kind: 'continued' }

export type WatchAction =
  | { kind: 'judge'; exercise: string }
  | { kind: 'play'; exercise: string }
  | { kind: 'cancel' }
  | { kind: 'restart broker' }
  /** `more`: one tier more than were shown. */
  | { kind: 'hint'; exercise: string; more: boolean }
  | { kind: 'lesson'; exercise: string }
  | { kind: 'difference'; exercise: string }
  | { kind: 'solution'; exercise: string }
  | { kind: 'reset'; exercise: string }
  | { kind: 'undo'; exercise: string }
  /** From now on the saves of this exercise's file count. */
  | { kind: 'attend'; exercise: string }
  | { kind: 'suspend' }
  | { kind: 'leave'; code: number }

export interface Step {
  state: WatchState
  actions: WatchAction[]
}

/** Watch mode at its start, with the exercise at index `at` in hand; it may lie beside the path. */
export function startWatch(
  exercises: readonly WatchedExercise[],
  at: number,
  passed: ReadonlySet<string>,
  path: WatchedPath | null = null,
): Step {
  const state: WatchState = {
    exercises,
    at,
    passed,
    path,
    phase: 'resting',
    next: 'judge',
    hash: '',
    checks: [],
    result: null,
    typeErrors: [],
    news: '',
    page: null,
    scroll: 0,
    question: null,
    list: null,
    notice: '',
  }
  const started = begin(state)
  return { ...started, actions: [{ kind: 'attend', exercise: nameIn(state) }, ...started.actions] }
}

/** What an event makes of a state, and what is to be done. Pure: the same event on the same state gives the same. */
export function step(state: WatchState, event: WatchEvent): Step {
  if (state.phase === 'left') return { state, actions: [] }
  switch (event.kind) {
    case 'key':
      return onKey({ ...state, notice: '' }, event.key, event.furthest)
    case 'saved':
      return wantJudgement({ ...state, notice: '' })
    case 'begun':
      return still({ ...state, hash: event.hash })
    case 'check':
      return still(state.phase === 'judging' ? { ...state, checks: [...state.checks, event.check] } : state)
    case 'judged':
      return onJudged(state, event.result)
    case 'type errors':
      return still(state.result === event.result ? { ...state, typeErrors: event.errors } : state)
    case 'ended':
      return afterWork({ ...state, notice: event.sentence || state.notice })
    case 'page':
      return afterWork({ ...state, page: event.page, scroll: 0 }, event.page.kind === 'scene')
    case 'notice':
      return still({ ...state, notice: event.sentence })
    case 'news':
      return still({ ...state, news: event.sentence })
    case 'progress':
      return still({ ...state, passed: event.passed })
    case 'broker lost':
      return {
        state: { ...state, phase: 'no broker', next: state.next ?? 'judge', notice: event.sentence },
        actions: [{ kind: 'restart broker' }],
      }
    case 'broker back':
      return begin({ ...state, phase: 'resting', notice: '' })
    case 'continued':
      return state.phase === 'judging' ? wantJudgement(state) : still(state)
  }
}

function still(state: WatchState): Step {
  return { state, actions: [] }
}

/** The name of the exercise in hand. */
export function nameIn({ exercises, at }: WatchState): string {
  return exercises[at]?.name ?? ''
}

/** A verdict on bytes that are not the newest, or on another exercise, is nobody's. */
function onJudged(state: WatchState, result: ExerciseResult): Step {
  if (state.phase !== 'judging') return afterWork(state)
  return afterWork({ ...state, result, typeErrors: [], scroll: 0 })
}

/** What was at work is over. A page that nothing was at work for changes no phase. */
function afterWork(state: WatchState, wasWork = true): Step {
  if (!wasWork || state.phase === 'no broker') return still(state)
  return begin({ ...state, phase: 'resting' })
}

/** Begins what is wanted next, when nothing is at work. */
function begin(state: WatchState): Step {
  if (state.phase !== 'resting' || state.next === null) return still(state)
  const exercise = nameIn(state)
  if (state.next === 'play')
    return { state: { ...state, phase: 'playing', next: null }, actions: [{ kind: 'play', exercise }] }
  const judging: WatchState = {
    ...state,
    phase: 'judging',
    next: null,
    checks: [],
    page: null,
    question: null,
    scroll: 0,
  }
  return { state: judging, actions: [{ kind: 'judge', exercise }] }
}

/** What is at work is ended first: the newest bytes count, and nothing waits for an endless loop. */
function want(state: WatchState, next: 'judge' | 'play'): Step {
  const wanting = { ...state, next }
  if (state.phase !== 'judging' && state.phase !== 'playing') return begin(wanting)
  return { state: { ...wanting, phase: 'ending' }, actions: [{ kind: 'cancel' }] }
}

function wantJudgement(state: WatchState): Step {
  return want(state, 'judge')
}

function onKey(state: WatchState, key: string, furthest: number): Step {
  if (key === 'ctrl+c') return leave(state, 130)
  if (key === 'ctrl+z') return { state, actions: [{ kind: 'suspend' }] }
  if (state.question) return onAnswer(state, state.question, key)
  if (state.list) return onListKey(state, state.list, key)
  const exercise = nameIn(state)
  switch (key) {
    case 'q':
      return leave(state, 0)
    case 'r':
      return wantJudgement(state)
    case 'n':
      return moveBeside(state, 'after')
    case 'p':
      return moveBeside(state, 'before')
    case 't':
      return want(state, 'play')
    case 'l':
      return still({ ...state, list: openList(state.exercises, state.at) })
    case 'h':
      return { state, actions: [{ kind: 'hint', exercise, more: state.page?.kind === 'hint' }] }
    case 'i':
      return { state, actions: [{ kind: 'lesson', exercise }] }
    case 'd':
      return { state, actions: [{ kind: 'difference', exercise }] }
    case 'u':
      return { state, actions: [{ kind: 'undo', exercise }] }
    case 'x':
      return still({ ...state, question: 'reset' })
    case 's':
      if (state.passed.has(exercise)) return { state, actions: [{ kind: 'solution', exercise }] }
      return still({ ...state, question: 'solution' })
    case '?':
      return still({ ...state, page: HELP, scroll: 0 })
    case 'escape':
    case 'return':
      return still({ ...state, page: null, scroll: 0 })
    default:
      return still({ ...state, scroll: scrolled(state.scroll, key, furthest) })
  }
}

function leave(state: WatchState, code: number): Step {
  return { state: { ...state, phase: 'left' }, actions: [{ kind: 'leave', code }] }
}

function onAnswer(state: WatchState, question: 'reset' | 'solution', key: string): Step {
  const answered = { ...state, question: null }
  if (key !== 'y') return still({ ...answered, notice: 'Nothing was done.' })
  return { state: answered, actions: [{ kind: question, exercise: nameIn(state) }] }
}

function onListKey(state: WatchState, list: BookList, key: string): Step {
  const { list: after, chosen } = listKey(state.exercises, list, key)
  const closed = { ...state, list: after }
  return chosen === null ? still(closed) : moveTo(closed, chosen)
}

function moveBeside(state: WatchState, side: 'after' | 'before'): Step {
  const stop = stopBeside(state, side)
  return typeof stop === 'string' ? still({ ...state, notice: stop }) : moveTo(state, stop)
}

function moveTo(state: WatchState, at: number): Step {
  if (at === state.at) return still(state)
  const moved: WatchState = {
    ...state,
    at,
    hash: '',
    result: null,
    typeErrors: [],
    news: '',
    checks: [],
    page: null,
    scroll: 0,
  }
  const wanted = wantJudgement(moved)
  return { ...wanted, actions: [{ kind: 'attend', exercise: nameIn(moved) }, ...wanted.actions] }
}

const SCROLLS: Record<string, number> = { up: -1, k: -1, down: 1, j: 1, pageup: -10, pagedown: 10, space: 10 }

/** From what is seen, also after the window has grown. */
function scrolled(scroll: number, key: string, furthest: number): number {
  if (key === 'home') return 0
  if (key === 'end') return furthest
  return Math.max(0, Math.min(Math.min(scroll, furthest) + (SCROLLS[key] ?? 0), furthest))
}
