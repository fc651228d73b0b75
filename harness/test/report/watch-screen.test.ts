import { expect, test } from 'vitest'
import { cutPainted, furthestScroll, type WatchView, watchScreen } from '../../report/watch-screen.ts'

const PLAIN = { colour: false, width: 60, ticks: true }
const VIEW: WatchView = {
  heading: '03 produce-event  One record, done properly',
  place: 'exercises/03-produce-event/produce-event.ts',
  link: 'file:///book/produce-event.ts',
  path: null,
  passed: 2,
  total: 24,
  body: ['  FAILED  03 produce-event', '    one'],
  scroll: 0,
  focus: null,
  status: 'FAILED 9c1e02. Saves not noticed? Press r',
  keys: [
    ['?', 'help'],
    ['q', 'quit'],
    ['n', 'next'],
  ],
}
const LONG: WatchView = { ...VIEW, body: Array.from({ length: 30 }, (_, n) => `line ${n + 1}`) }

test('heading, path, body, status and keys; the keys stay at the bottom', () => {
  expect(watchScreen(VIEW, { ...PLAIN, width: 80 }, 8)).toEqual([
    '03 produce-event  One record, done properly        [#-----------] 2 of 24 passed',
    'exercises/03-produce-event/produce-event.ts',
    '',
    '  FAILED  03 produce-event',
    '    one',
    '',
    'FAILED 9c1e02. Saves not noticed? Press r',
    '? help  q quit  n next',
  ])
})

test('a path through the book stands beside the file, where there is room', () => {
  const second = (width: number) => watchScreen({ ...VIEW, path: 'two hours' }, { ...PLAIN, width }, 8)[1]
  expect(second(64)).toBe('exercises/03-produce-event/produce-event.ts      path: two hours')
  expect(second(50)).toBe('exercises/03-produce-event/produce-event.ts')
})

test('a long body is a window, and says what is outside of it', () => {
  const lines = watchScreen({ ...LONG, scroll: 3 }, PLAIN, 15)
  expect(lines).toHaveLength(15)
  expect(furthestScroll(LONG, 15)).toBe(20)
  expect(furthestScroll(VIEW, 15)).toBe(0)
  expect(lines.slice(3, 13)).toEqual(Array.from({ length: 10 }, (_, n) => `line ${n + 4}`))
  expect(lines[13]).toBe('FAILED 9c1e02. Saves not not...  (3 above, 17 below: arrows)')
})

test('scrolled too far, the end of the body is seen', () => {
  const lines = watchScreen({ ...LONG, scroll: 1000 }, PLAIN, 15)
  expect(lines[12]).toBe('line 30')
})

test('what must be seen is in the window', () => {
  expect(watchScreen({ ...LONG, focus: 22 }, PLAIN, 9)).toContain('line 23')
})

test('a terminal of four rows still shows status and keys', () => {
  expect(watchScreen(LONG, PLAIN, 4).slice(-2)[1]).toBe('? help  q quit  n next')
})

test('as many keys as there is room for', () => {
  expect(watchScreen(VIEW, { ...PLAIN, width: 20 }, 10).at(-1)).toBe('? help  q quit')
})

test('the path is a link where the terminal opens links, and only there', () => {
  expect(watchScreen(VIEW, { ...PLAIN, colour: true }, 10)[1]).toBe(VIEW.place)
  const [, place] = watchScreen(VIEW, { ...PLAIN, links: true }, 10)
  expect(place).toBe(`\u001b]8;;file:///book/produce-event.ts\u001b\\${VIEW.place}\u001b]8;;\u001b\\`)
})

test.each([
  ['short enough', 20, 'short enough'],
  ['abcdefghijklmnopqrstuvwxyz', 20, 'abcdefghijklmnopq...'],
  ['\u001b[31mabcdefghijklmnopqrstuvwxyz\u001b[39m', 20, '\u001b[31mabcdefghijklmnopq...\u001b[39m'],
  ['語語語語語語語語', 12, '語語語語...'],
  ['e\u0301e\u0301e\u0301', 3, 'e\u0301e\u0301e\u0301'],
])('%j in %i columns', (line, width, cut) => {
  expect(cutPainted(line, width)).toBe(cut)
})
