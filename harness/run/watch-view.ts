import { renderBlocks } from '../markdown/terminal.ts'
import { type Look, paint, seconds, wrap } from '../report/style.ts'
import type { ReportContext } from '../report/terminal.ts'
import { reportExercise } from '../report/terminal.ts'
import { typeErrorLines } from '../report/type-errors.ts'
import type { WatchView } from '../report/watch-screen.ts'
import type { CheckResult, ExerciseResult } from '../result.ts'
import type { WatchState } from './watch.ts'
import { type BookList, listed } from './watch-list.ts'
import type { WatchPage } from './watch-page.ts'
import { stopsOf } from './watch-path.ts'

/** What the screen needs beside the state. */
export interface WatchSurroundings {
  report: ReportContext
  /** The learner's file: as it is shown, and as a URL. */
  place: string
  link: string | null
  /** How long the work at hand has taken. */
  elapsedMs: number
}

const KEYS = [
  ['?', 'help'],
  ['q', 'quit'],
  ['n', 'next'],
  ['i', 'page'],
  ['h', 'hint'],
  ['r', 'run'],
  ['l', 'list'],
  ['t', 'play'],
  ['d', 'diff'],
  ['p', 'previous'],
  ['s', 'solution'],
  ['u', 'undo'],
  ['x', 'reset'],
] as const
const LIST_KEYS = [
  ['Enter', 'go there'],
  ['Esc', 'back'],
  ['/', 'search'],
  ['j', 'down'],
  ['k', 'up'],
] as const
const YES_NO = [
  ['y', 'yes'],
  ['n', 'no'],
] as const
const WIDEST = 100

/** What a state looks like. */
export function viewOf(state: WatchState, surroundings: WatchSurroundings, look: Look): WatchView {
  const { name, title } = state.exercises[state.at] ?? { name: '', title: '' }
  const stops = stopsOf(state)
  return {
    heading: `${name.slice(0, 2)} ${name.slice(3)}  ${title}`,
    place: surroundings.place,
    link: surroundings.link,
    path: state.path?.name ?? null,
    passed: stops.filter((stop) => state.passed.has(state.exercises[stop]?.name ?? '')).length,
    total: stops.length,
    body: bodyOf(state, surroundings, look),
    scroll: state.scroll,
    focus: state.list ? state.list.at + 2 : null,
    status: statusOf(state, surroundings.elapsedMs),
    keys: state.question ? YES_NO : state.list ? LIST_KEYS : KEYS,
  }
}

/** The list, a page, the checks that are done so far, or the verdict. */
export function bodyOf(state: WatchState, { report }: WatchSurroundings, look: Look): string[] {
  if (state.list) return listLines(state, state.list, look)
  if (state.page) return pageLines(state.page, look)
  if (state.phase === 'judging') return state.checks.map((check) => checkLine(check, look))
  if (!state.result) return []
  return [...reportExercise(state.result, report, look).slice(1), ...besideVerdict(state, look)]
}

/** What is known beside a verdict, and may come after it. */
export function besideVerdict({ typeErrors, news }: WatchState, look: Look): string[] {
  const told =
    news === '' ? [] : [...wrap(news, Math.min(look.width, WIDEST) - 4).map((line) => `    ${line}`), '']
  return [...typeErrorLines(typeErrors, look, 1), ...told]
}

/** One sentence: what is asked, what is at work (and for how long), or what the last verdict was. */
export function statusOf(state: WatchState, elapsedMs: number | null): string {
  if (state.question === 'reset')
    return 'Put the stub in place of your file? Yours is kept: u brings it back.'
  if (state.question === 'solution') return 'You have not passed this yet. Look at the solution all the same?'
  if (state.list?.typing) return `search: ${state.list.filter}_`
  const took = elapsedMs === null ? '' : ` ${seconds(elapsedMs)}`
  switch (state.phase) {
    case 'judging':
      return `Checking ${state.hash}...${took}`
    case 'playing':
      return `Playing...${took}`
    case 'ending':
      return `${state.next === 'play' ? 'Playing' : 'Checking'}... the run before is being ended`
    case 'no broker':
      return `${state.notice || 'The broker does not answer.'} Starting it again...`
    default:
      return state.notice || verdictLine(state)
  }
}

function verdictLine({ result, typeErrors }: WatchState): string {
  if (!result) return 'Saves not noticed? Press r'
  const count = typeErrors.length
  const found = count > 0 ? `TypeScript found ${count} ${count === 1 ? 'error' : 'errors'}, see below` : ''
  const next = result.verdict === 'passed' ? 'n goes to the next exercise' : 'Saves not noticed? Press r'
  return `${toldVerdict(result)}. ${found || next}`
}

/** `PASSED 447296`: the verdict, and the hash of the bytes that were judged. */
export function toldVerdict({ verdict, answer }: ExerciseResult): string {
  return `${verdict === 'error' ? 'COULD NOT JUDGE' : verdict.toUpperCase()} ${answer.hash}`
}

function checkLine(check: CheckResult, look: Look): string {
  const ticks = look.ticks
    ? { passed: '✓', failed: '✗', blocked: '·', error: '!' }
    : { passed: 'passed ', failed: 'FAILED ', blocked: 'blocked', error: 'ERROR  ' }
  return `    ${ticks[check.verdict]} ${check.title}`
}

function pageLines(page: WatchPage, look: Look): string[] {
  const title = `  ${paint(look, 'bold', page.title)}`
  const body = pageBody(page, { ...look, width: Math.min(look.width, WIDEST) - 4 })
  return [title, '', ...body.map((line) => `  ${line}`.trimEnd()), '', '  Esc: back']
}

/** Prose is broken at the width that there is now; what has a shape of its own is not. */
function pageBody(page: WatchPage, look: Look): readonly string[] {
  if (page.kind === 'hint') return renderBlocks(page.blocks, look)
  return page.kind === 'help' ? page.lines.flatMap((line) => wrap(line, look.width)) : page.lines
}

function listLines({ exercises, passed }: WatchState, list: BookList, look: Look): string[] {
  const shown = listed(exercises, list.filter)
  const lines = shown.map((index, row) => {
    const { name, title } = exercises[index] ?? { name: '', title: '' }
    const done = passed.has(name)
    const tick = look.ticks ? (done ? '✓' : ' ') : done ? 'done' : '    '
    const line = `${row === list.at ? '>' : ' '} ${tick} ${name.padEnd(24)} ${title}`
    return row === list.at ? paint(look, 'bold', line) : line
  })
  const found = list.filter === '' ? 'all exercises' : `"${list.filter}": ${shown.length} found`
  return [`  ${found}`, '', ...lines]
}
