import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { watchScreen } from '../../report/watch-screen.ts'
import type { CheckResult, ExerciseResult } from '../../result.ts'
import {
  type Step,
  startWatch,
  step,
  type WatchAction,
  type WatchEvent,
  type WatchState,
} from '../../run/watch.ts'
import { bodyOf, statusOf, viewOf, type WatchSurroundings } from '../../run/watch-view.ts'

const EXERCISES = [
  { name: '01-place-order', title: 'From calls to events' },
  { name: '02-create-topics', title: 'Meet the cluster' },
  { name: '03-produce-event', title: 'One record, done properly' },
]

function verdict(exercise: string, of: ExerciseResult['verdict'] = 'failed'): WatchEvent {
  const answer = { kind: 'exercise', path: 'x.ts', hash: '9c1e02' } as const
  return { kind: 'judged', result: { exercise, answer, verdict: of, durationMs: 1, checks: [] } }
}

const CHECK: CheckResult = {
  id: '01-place-order/stored',
  title: 'A check',
  verdict: 'passed',
  after: [],
  stretch: false,
  points: 1,
  durationMs: 1,
  wire: [],
  ownership: [],
  logs: [],
}

const key = (name: string, furthest = 0): WatchEvent => ({ kind: 'key', key: name, furthest })
const SAVED: WatchEvent = { kind: 'saved' }
const ENDED: WatchEvent = { kind: 'ended', sentence: '' }
const PAGE: WatchEvent = { kind: 'page', page: { kind: 'help', title: 'Keys', lines: ['Look.'] } }
const SCENE: WatchEvent = { kind: 'page', page: { kind: 'scene', title: 'The scene', lines: [] } }
const LOST: WatchEvent = { kind: 'broker lost', sentence: 'The broker does not answer any more.' }
const BACK: WatchEvent = { kind: 'broker back' }

/** Watch mode after events, and what the last of them asked for, as words: `judge 01-place-order`. */
function after(...events: WatchEvent[]): { state: WatchState; asked: string[] } {
  let last: Step = startWatch(EXERCISES, 0, new Set())
  for (const event of events) last = step(last.state, event)
  return { state: last.state, asked: last.actions.map(words) }
}

function words(action: WatchAction): string {
  if ('exercise' in action) return `${action.kind} ${action.exercise}`
  return action.kind === 'leave' ? `leave ${action.code}` : action.kind
}

const JUDGED = verdict('01-place-order')

test.each<[string, WatchEvent[], string[], WatchState['phase']]>([
  ['the first exercise is judged at once', [], ['attend 01-place-order', 'judge 01-place-order'], 'judging'],
  ['a save after a verdict is judged', [JUDGED, SAVED], ['judge 01-place-order'], 'judging'],
  ['a save during a run ends it first', [SAVED], ['cancel'], 'ending'],
  ['then the newest bytes are judged', [SAVED, ENDED], ['judge 01-place-order'], 'judging'],
  ['a verdict that came too late counts for nothing', [SAVED, JUDGED], ['judge 01-place-order'], 'judging'],
  ['two saves during a run are one judgement', [SAVED, SAVED, ENDED], ['judge 01-place-order'], 'judging'],
  ['r judges again', [JUDGED, key('r')], ['judge 01-place-order'], 'judging'],
  ['r during a run begins anew', [key('r')], ['cancel'], 'ending'],
  ['a passed exercise stays until n', [verdict('01-place-order', 'passed')], [], 'resting'],
  ['n goes on', [JUDGED, key('n')], ['attend 02-create-topics', 'judge 02-create-topics'], 'judging'],
  ['n during a run ends it', [key('n')], ['attend 02-create-topics', 'cancel'], 'ending'],
  [
    'n at the last exercise does nothing',
    [JUDGED, key('n'), ENDED, key('n'), ENDED, key('n')],
    [],
    'resting',
  ],
  ['p at the first exercise does nothing', [JUDGED, key('p')], [], 'resting'],
  ['t plays', [JUDGED, key('t')], ['play 01-place-order'], 'playing'],
  ['t during a run plays after it', [key('t'), ENDED], ['play 01-place-order'], 'playing'],
  ['a save during a scene ends it', [JUDGED, key('t'), SAVED], ['cancel'], 'ending'],
  ['and is judged', [JUDGED, key('t'), SAVED, ENDED], ['judge 01-place-order'], 'judging'],
  ['a scene that is over rests', [JUDGED, key('t'), SCENE], [], 'resting'],
  ['h asks for a hint', [JUDGED, key('h')], ['hint 01-place-order'], 'resting'],
  ['a hint does not end a run', [PAGE], [], 'judging'],
  ['i shows the page', [JUDGED, key('i')], ['lesson 01-place-order'], 'resting'],
  ['d shows what differs', [JUDGED, key('d')], ['difference 01-place-order'], 'resting'],
  ['u undoes', [JUDGED, key('u')], ['undo 01-place-order'], 'resting'],
  ['x asks first', [JUDGED, key('x')], [], 'resting'],
  ['x and y resets', [JUDGED, key('x'), key('y')], ['reset 01-place-order'], 'resting'],
  ['x and any other key does not', [JUDGED, key('x'), key('q')], [], 'resting'],
  ['s asks first', [JUDGED, key('s')], [], 'resting'],
  ['s and y shows the solution', [JUDGED, key('s'), key('y')], ['solution 01-place-order'], 'resting'],
  [
    's after passing shows it at once',
    [JUDGED, { kind: 'progress', passed: new Set(['01-place-order']) }, key('s')],
    ['solution 01-place-order'],
    'resting',
  ],
  [
    'the list goes where Enter says',
    [JUDGED, key('l'), key('down'), key('j'), key('return')],
    ['attend 03-produce-event', 'judge 03-produce-event'],
    'judging',
  ],
  [
    'the list can be searched',
    [JUDGED, key('l'), key('/'), key('m'), key('e'), key('e'), key('return'), key('return')],
    ['attend 02-create-topics', 'judge 02-create-topics'],
    'judging',
  ],
  [
    'Escape leaves the list',
    [JUDGED, key('l'), key('escape'), key('n')],
    ['attend 02-create-topics', 'judge 02-create-topics'],
    'judging',
  ],
  ['a broker that is gone is started again', [LOST], ['restart broker'], 'no broker'],
  ['a save meanwhile waits for it', [LOST, SAVED], [], 'no broker'],
  ['then it is judged again', [LOST, BACK], ['judge 01-place-order'], 'judging'],
  ['q leaves', [JUDGED, key('q')], ['leave 0'], 'left'],
  ['q leaves during a run', [key('q')], ['leave 0'], 'left'],
  ['Ctrl+C leaves during a run', [key('ctrl+c')], ['leave 130'], 'left'],
  ['Ctrl+C leaves a question', [JUDGED, key('x'), key('ctrl+c')], ['leave 130'], 'left'],
  ['nothing happens after that', [key('q'), SAVED], [], 'left'],
  ['Ctrl+Z hands the terminal back', [JUDGED, key('ctrl+z')], ['suspend'], 'resting'],
  [
    'a run that was stopped with it begins anew',
    [key('ctrl+z'), { kind: 'continued' }],
    ['cancel'],
    'ending',
  ],
])('%s', (_, events, asked, phase) => {
  const done = after(...events)
  expect(done.asked).toEqual(asked)
  expect(done.state.phase).toBe(phase)
})

test('a verdict on the exercise before is not shown on the next one', () => {
  expect(after(key('n'), JUDGED).state.result).toBeNull()
})

test('on a path, n and p go from stop to stop, also from an exercise beside it', () => {
  const path = { name: 'two hours', stops: [0, 2] }
  const from = (at: number, ...keys: string[]) => {
    let { state } = startWatch(EXERCISES, at, new Set(['02-create-topics', '03-produce-event']), path)
    for (const name of keys) state = step(state, key(name)).state
    return { at: state.at, notice: state.notice, state }
  }
  expect(from(0, 'n').at).toBe(2)
  expect(from(2, 'p').at).toBe(0)
  expect([from(1, 'n').at, from(1, 'p').at]).toEqual([2, 0])
  expect(from(2, 'n')).toMatchObject({
    at: 2,
    notice: 'No exercise on the path "two hours" comes after this one. l: the whole book',
  })
  expect(from(0, 'l', 'down', 'return').at).toBe(1)
  const look = { colour: false, width: 80, ticks: true }
  expect(viewOf(from(0).state, surroundings, look)).toMatchObject({ path: 'two hours', passed: 1, total: 2 })
})

test('a text is moved as far as it goes, and from there back at once', () => {
  const scrolls = (...keys: [name: string, furthest: number][]) => {
    let { state } = after(JUDGED)
    return keys.map(([name, furthest]) => {
      state = step(state, key(name, furthest)).state
      return state.scroll
    })
  }
  expect(scrolls(['pagedown', 13], ['pagedown', 13], ['pagedown', 13], ['up', 13])).toEqual([10, 13, 13, 12])
  expect(scrolls(['end', 13], ['up', 8], ['home', 8], ['pageup', 8])).toEqual([13, 7, 0, 0])
  expect(scrolls(['down', 0])).toEqual([0])
})

test('what TypeScript says comes after the verdict, and goes with it', () => {
  const errors = [
    "x.ts:7:3  TS2322: Type 'string' is not assignable to type 'number'.",
    'x.ts:9:1  TS2304: No.',
  ]
  const judged = JUDGED as Extract<WatchEvent, { kind: 'judged' }>
  const said: WatchEvent = { kind: 'type errors', result: judged.result, errors }
  const look = { colour: false, width: 80, ticks: true }
  const body = (...events: WatchEvent[]) => bodyOf(after(...events).state, surroundings, look)
  expect(body(JUDGED, said)).toEqual([
    ...body(JUDGED),
    '    TypeScript says',
    "        x.ts:7:3  TS2322: Type 'string' is not assignable to type 'number'.",
    '        ... and 1 more',
    '',
  ])
  expect(statusOf(after(JUDGED, said).state, null)).toBe(
    'FAILED 9c1e02. TypeScript found 2 errors, see below',
  )
  const again = verdict('01-place-order')
  expect(body(JUDGED, said, SAVED, again)).toEqual(body(JUDGED))
  expect(body(JUDGED, SAVED, again, said)).toEqual(body(JUDGED))
  expect(after(JUDGED, said, key('n')).state.typeErrors).toEqual([])
})

test('news stays below the verdicts of an exercise, and goes with the exercise', () => {
  const news: WatchEvent = { kind: 'news', sentence: 'The stub has changed.' }
  const look = { colour: false, width: 80, ticks: true }
  const shown = after(news, JUDGED, SAVED, verdict('01-place-order')).state
  expect(bodyOf(shown, surroundings, look).slice(-2)).toEqual(['    The stub has changed.', ''])
  expect(step(shown, key('n')).state.news).toBe('')
})

const surroundings: WatchSurroundings = {
  report: { broker: 'embedded', seed: 1, root: '/book', cwd: '/book', allWire: false, next: null },
  place: 'exercises/01-place-order/place-order.ts',
  link: 'file:///book/exercises/01-place-order/place-order.ts',
  elapsedMs: 1234,
}
const KEYS = [
  ...'nphltdsrxu?jkgGy/ ü語',
  'up',
  'down',
  'pageup',
  'pagedown',
  'home',
  'end',
  'return',
  'escape',
  'backspace',
  'space',
  'tab',
  'ctrl+z',
  'f5',
  'ctrl+a',
]

/** What could happen at this moment: what is at work ends in one way or another, and keys and saves come whenever they like. */
function possible({ phase }: WatchState, isAtWork: string | null): WatchEvent[] {
  const always: WatchEvent[] = [SAVED, PAGE, { kind: 'continued' }, { kind: 'notice', sentence: 'Well.' }]
  if (isAtWork === 'judge')
    return [
      ...always,
      { kind: 'check', check: CHECK },
      JUDGED,
      verdict('03-produce-event', 'passed'),
      ENDED,
      LOST,
    ]
  if (isAtWork === 'play') return [...always, SCENE, ENDED]
  return phase === 'no broker' ? [...always, BACK] : always
}

describe('10,000 keys and events at any moment', () => {
  test('never crash, never begin anything while something is at work, and every screen fits', () => {
    const event = fc.tuple(fc.nat(), fc.constantFrom(...KEYS), fc.boolean())
    const size = fc.record({
      width: fc.integer({ min: 20, max: 140 }),
      rows: fc.integer({ min: 4, max: 50 }),
    })
    const events = fc.array(event, { minLength: 100, maxLength: 100 })
    fc.assert(
      fc.property(events, size, (all, { width, rows }) => {
        expect(problemsWith(all, width, rows)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

/** What must not be, over a row of events: the choice among what could happen, or a key. */
function problemsWith(events: (readonly [number, string, boolean])[], width: number, rows: number): string[] {
  const problems: string[] = []
  let { state, actions } = startWatch(EXERCISES, 0, new Set())
  let atWork: string | null = null
  for (const [choice, name, isKey] of events) {
    for (const { kind } of actions) {
      if (kind === 'cancel' && atWork !== 'judge' && atWork !== 'play') problems.push(`cancel of ${atWork}`)
      if (!['judge', 'play', 'restart broker'].includes(kind)) continue
      if (atWork) problems.push(`${kind} although there is ${atWork}`)
      atWork = kind
    }
    const could = possible(state, atWork)
    const next = isKey ? key(name, choice % 40) : (could[choice % could.length] as WatchEvent)
    if (atWork && isOver(next)) atWork = null
    ;({ state, actions } = step(state, next))
    const look = { colour: choice % 2 === 0, width, ticks: choice % 3 === 0 }
    const lines = watchScreen(viewOf(state, surroundings, look), look, rows)
    if (lines.length > rows) problems.push(`${lines.length} lines`)
    problems.push(...lines.filter((line) => stripVTControlCharacters(line).length > width))
  }
  if (step(state, key('ctrl+c')).state.phase !== 'left') problems.push('Ctrl+C does not leave')
  return problems
}

function isOver(event: WatchEvent): boolean {
  return ['judged', 'ended', 'broker lost', 'broker back'].includes(event.kind) || event === SCENE
}
