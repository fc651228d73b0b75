import { expect, test } from 'vitest'
import { faceOf } from '../../cli/face.ts'

const TERMINAL = { isTTY: true, columns: 90 }
const PIPE = {}

const full = { ticks: true, colour: true, isLive: true }
const plain = { ticks: false, colour: false, isLive: false }

test.each([
  ['a terminal', TERMINAL, {}, false, full],
  ['a terminal, and --plain', TERMINAL, {}, true, plain],
  ['a terminal that can do nothing', TERMINAL, { TERM: 'dumb' }, false, plain],
  ['a terminal of a CI job', TERMINAL, { CI: 'true' }, false, plain],
  ['CI=false is no CI', TERMINAL, { CI: 'false' }, false, full],
  ['CI= is no CI', TERMINAL, { CI: '' }, false, full],
  ['a pipe', PIPE, {}, false, plain],
  ['a terminal without colours', TERMINAL, { NO_COLOR: '1' }, false, { ...full, colour: false }],
  ['NO_COLOR= says nothing', TERMINAL, { NO_COLOR: '' }, false, full],
  ['FORCE_COLOR=0', TERMINAL, { FORCE_COLOR: '0' }, false, { ...full, colour: false }],
  ['a pipe with colours', PIPE, { FORCE_COLOR: '1' }, false, { ...plain, colour: true }],
  ['CI with colours', PIPE, { CI: '1', FORCE_COLOR: 'true' }, false, { ...plain, colour: true }],
  ['FORCE_COLOR= is a wish, too', PIPE, { FORCE_COLOR: '' }, false, { ...plain, colour: true }],
  ['both wishes', TERMINAL, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, { ...full, colour: false }],
  ['--plain with colours', TERMINAL, { FORCE_COLOR: '1' }, true, { ...plain, colour: true }],
])('%s', (_, output, env, plainWanted, expected) => {
  const { look, isLive } = faceOf(output, env, plainWanted)
  expect({ ticks: look.ticks, colour: look.colour, isLive }).toEqual(expected)
})

test.each([
  [TERMINAL, 90],
  [{ isTTY: true, columns: 20 }, 40],
  [{ isTTY: true, columns: 0 }, 80],
  [PIPE, 120],
])('%j is %i columns wide', (output, width) => {
  expect(faceOf(output, {}, false).look.width).toBe(width)
})

test.each([
  ['an unknown terminal', TERMINAL, { TERM: 'xterm-256color' }, false],
  ['iTerm', TERMINAL, { TERM_PROGRAM: 'iTerm.app' }, true],
  ['the terminal of VS Code', TERMINAL, { TERM_PROGRAM: 'vscode' }, true],
  ['Windows Terminal', TERMINAL, { WT_SESSION: 'c3d5' }, true],
  ['GNOME', TERMINAL, { VTE_VERSION: '6003' }, true],
  ['an old GNOME', TERMINAL, { VTE_VERSION: '4601' }, false],
  ['tmux in iTerm', TERMINAL, { TERM_PROGRAM: 'iTerm.app', TMUX: '/tmp/tmux-1,2,3' }, false],
  ['a wish', TERMINAL, { FORCE_HYPERLINK: '1' }, true],
  ['a wish against it', TERMINAL, { FORCE_HYPERLINK: '0', TERM: 'xterm-kitty' }, false],
  ['a pipe', PIPE, { TERM: 'xterm-kitty', FORCE_HYPERLINK: '1' }, false],
])('links in %s', (_, output, env, links) => {
  expect(faceOf(output, env, false).look.links).toBe(links)
})
