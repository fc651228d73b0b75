import { escaped } from '../quiz/export/xml.ts'
import { seconds, shortNames } from '../report/style.ts'
import type { OwnedSpan, Ownership } from '../result.ts'
import type { Told } from './run-demo.ts'
import { type Mark, PICTURE, type Row, type Timeline, timelineOf } from './timeline.ts'

const HEADER = 46
const LINE = PICTURE.markHeight + 4
const ROW_GAP = 12
const BAR = 26
const LAG_HEIGHT = 120
const AXIS = 34

/** Colours for light and for dark; each partition, and each member of a group, has one. */
const STYLE = `<style>
svg.timeline { --ink: #1b1f24; --dim: #57606a; --line: #d0d7de; --ground: #ffffff; --alarm: #b3261e;
  --c0: #9cd3ff; --c1: #ffc2dd; --c2: #ffe08a; --c3: #b5e8b0; --mark: #1b1f24 }
@media (prefers-color-scheme: dark) { svg.timeline { --ink: #e6edf3; --dim: #9aa4ae; --line: #3d444d; --ground: #0d1117;
  --alarm: #ff8a80; --c0: #1f5f8f; --c1: #8a2f5c; --c2: #7a5b00; --c3: #2c6b2a; --mark: #ffffff } }
svg.timeline { background: var(--ground); font: 15px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }
svg.timeline text { fill: var(--ink) } svg.timeline .dim { fill: var(--dim) } svg.timeline .on { fill: var(--mark) }
svg.timeline .rule { stroke: var(--line); stroke-width: 1 } svg.timeline .step { stroke: var(--dim); stroke-dasharray: 4 5 }
svg.timeline .c0 { fill: var(--c0) } svg.timeline .c1 { fill: var(--c1) } svg.timeline .c2 { fill: var(--c2) } svg.timeline .c3 { fill: var(--c3) }
svg.timeline .open { fill: var(--ground); stroke: var(--dim) } svg.timeline .alarm { fill: var(--ground); stroke: var(--alarm); stroke-width: 2 }
svg.timeline .none { fill: var(--alarm) } svg.timeline .number { fill: var(--ink) } svg.timeline .onnumber { fill: var(--ground); font-weight: bold }
svg.timeline .area { fill: var(--c0); stroke: var(--ink) }
</style>`

/** What was shown, as one picture: a row for each program, then who owned which partition, and the lag. */
export function timelineSvg(told: Told): string {
  const timeline = timelineOf(told)
  const parts: string[] = []
  let y = HEADER
  for (const row of timeline.rows) {
    parts.push(rowPart(row, timeline.width, y))
    y += row.sublines * LINE + ROW_GAP
  }
  if (told.demo.charts.includes('owners')) {
    for (const chart of told.owners) {
      parts.push(ownersPart(chart, timeline, y))
      y += BAR * (chart.partitions.length + 1) + ROW_GAP
    }
  }
  if (told.demo.charts.includes('lag')) {
    parts.push(lagPart(told.lag, timeline, y))
    y += LAG_HEIGHT + ROW_GAP
  }
  const height = y + AXIS
  const title = `Timeline: ${told.demo.title}`
  return [
    `<svg class="timeline" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${at(timeline.width)} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    STYLE,
    stepsPart(timeline, y),
    ...parts,
    '</svg>',
  ].join('\n')
}

/** The captions' numbers above, seconds below; a step ends where the next caption was said. */
function stepsPart({ steps }: Timeline, bottom: number): string {
  const numbers = steps.map(({ x, width, toMs }, index) => {
    const right = x + width
    return [
      `<line class="step" x1="${at(right)}" x2="${at(right)}" y1="${HEADER - 8}" y2="${bottom}"/>`,
      `<circle class="number" cx="${at(right)}" cy="22" r="14"/>`,
      `<text class="onnumber" x="${at(right)}" y="27" text-anchor="middle">${index + 1}</text>`,
      `<text class="dim" x="${at(right)}" y="${bottom + 22}" text-anchor="middle">${seconds(toMs)}</text>`,
    ].join('')
  })
  return numbers.join('\n')
}

function rowPart({ who, marks, sublines }: Row, width: number, y: number): string {
  const middle = y + (sublines * LINE) / 2 - 2
  const rule = `<line class="rule" x1="${PICTURE.left}" x2="${at(width - PICTURE.right)}" y1="${middle}" y2="${middle}"/>`
  const name = `<text x="8" y="${middle + 5}">${escaped(who)}</text>`
  return [rule, name, ...marks.map((mark) => markPart(mark, y))].join('\n')
}

function markPart({ moment, word, x, width, subline }: Mark, top: number): string {
  const y = top + subline * LINE
  const filled = moment.kind === 'sent' || moment.kind === 'got'
  const colour = filled ? `c${(moment.partition ?? 0) % 4}` : moment.kind === 'gone' ? 'alarm' : 'open'
  const told = `${seconds(moment.atMs)} ${moment.who}: ${moment.kind} ${moment.text}`
  return [
    `<g><title>${escaped(told)}</title>`,
    `<rect class="${colour}" x="${at(x)}" y="${y}" width="${at(width)}" height="${PICTURE.markHeight}" rx="4"/>`,
    `<text class="${filled ? 'on' : ''}" x="${at(x + 5)}" y="${y + 17}">${escaped(word)}</text></g>`,
  ].join('')
}

/** A bar in the colour of the member that owned the partition; nothing where nobody did. */
function ownersPart({ partitions, members, group }: Ownership, { xOf }: Timeline, y: number): string {
  const letters = members.map(({ letter }) => letter)
  const nameOf = (owner: string) => members.find(({ letter }) => letter === owner)?.lane ?? owner
  const bars = partitions.flatMap(({ partition, spans }, index) => {
    const top = y + BAR * (index + 1)
    const name = `<text x="8" y="${top + 17}">partition ${partition}</text>`
    const owned = spans.map(({ owner, fromMs, toMs }) => {
      const [x, right] = [xOf(fromMs), xOf(toMs)]
      const width = Math.max(1, right - x)
      const label = nameOf(owner)
      const fits = width > label.length * PICTURE.charWidth + 6
      const word = fits ? `<text class="on" x="${at(x + 5)}" y="${top + 16}">${escaped(label)}</text>` : ''
      const bar = `<rect class="c${letters.indexOf(owner) % 4}" x="${at(x)}" y="${top}" width="${at(width)}" height="${BAR - 4}"/>`
      return `<g><title>${escaped(`${label}: ${seconds(fromMs)} to ${seconds(toMs)}`)}</title>${bar}${word}</g>`
    })
    return [name, ...owned, ...nobody(spans, xOf, top)]
  })
  const heading = `<text class="dim" x="8" y="${y + 16}">owners in ${escaped(shortNames(group))}</text>`
  return [heading, ...bars].join('\n')
}

/** Where nobody owned a partition, and there is room to say so. */
function nobody(spans: readonly OwnedSpan[], xOf: Timeline['xOf'], top: number): string[] {
  const word = 'nobody'
  return spans.slice(1).flatMap(({ fromMs }, index) => {
    const { toMs } = spans[index] as OwnedSpan
    const [x, right] = [xOf(toMs), xOf(fromMs)]
    if (right - x < word.length * PICTURE.charWidth + 10) return []
    return [
      `<text class="none" x="${at((x + right) / 2)}" y="${top + 16}" text-anchor="middle">${word}</text>`,
    ]
  })
}

function lagPart(lag: Told['lag'], { xOf, steps }: Timeline, y: number): string {
  const most = Math.max(1, ...lag.map((one) => one.lag))
  const bottom = y + LAG_HEIGHT
  const first = steps[0]?.x ?? PICTURE.left
  const last = lag.at(-1)
  const heightOf = (one: number) => bottom - ((LAG_HEIGHT - 20) * one) / most
  const points = lag.map((one) => `${at(xOf(one.atMs))},${at(heightOf(one.lag))}`)
  const end = last ? [`${at(xOf(last.atMs))},${bottom}`] : []
  return [
    `<text x="8" y="${y + LAG_HEIGHT / 2}">lag</text>`,
    `<text class="dim" x="8" y="${y + LAG_HEIGHT / 2 + 20}">most: ${most}</text>`,
    `<polygon class="area" points="${[`${at(first)},${bottom}`, ...points, ...end].join(' ')}"/>`,
  ].join('\n')
}

function at(pixels: number): string {
  return String(Math.round(pixels * 10) / 10)
}
