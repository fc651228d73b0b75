import { expect, test } from 'vitest'
import { terminalPicture } from '../../demo/terminal-picture.ts'
import { paint } from '../../report/style.ts'

const look = { colour: true, width: 80, ticks: true }

test('colours become classes, words stand at their columns, and nothing is taken for markup', () => {
  const svg = terminalPicture([`  ${paint(look, ['bold', 'red'], 'FAILED')}  a < b & c`], 'A "verdict"')
  expect(svg).toContain('<tspan x="36.8" class="bold red">FAILED</tspan>')
  expect(svg).toContain('<tspan x="104">a &lt; b &amp; c</tspan>')
  expect(svg).toContain('aria-label="A &quot;verdict&quot;"')
})

test('a class ends where its colour ends', () => {
  const svg = terminalPicture([`${paint(look, 'dim', 'one')} two ${paint(look, 'green', 'three')}`], 'lines')
  expect(svg).toMatch(/class="dim">one<.*<tspan x="[\d.]+">two<.*class="green">three</)
})
