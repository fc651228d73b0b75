import { ownershipChart } from '../report/ownership.ts'
import { type Look, paint, plain, seconds, wrap } from '../report/style.ts'
import type { Demo } from './demo.ts'
import type { Moment, MomentKind } from './moments.ts'
import type { Told } from './run-demo.ts'

/** Columns on a projector: letters that can be read from the last row. */
const PROJECTOR = 80
const VERBS: Record<MomentKind, string> = {
  sent: 'sends',
  got: 'gets',
  owns: 'owns',
  begins: 'begins',
  committed: 'commits',
  left: 'leaves',
  gone: 'is gone',
  leads: 'leads',
  lag: 'lag',
}
const PARTITION_COLOURS = ['cyan', 'magenta', 'yellow', 'green'] as const
const BLOCKS = '▁▂▃▄▅▆▇█'
const DIGITS = '12345678'

/** The title, and what to look at. */
export function openingLines(demo: Demo, broker: string, look: Look): string[] {
  const gap = Math.max(2, widthOf(look) - demo.title.length - broker.length - 2)
  return [
    '',
    `  ${paint(look, 'bold', demo.title)}${' '.repeat(gap)}${paint(look, 'dim', broker)}`,
    '',
    ...wrap(`Look at ${demo.lookAt}`, widthOf(look) - 4).map((line) => `  ${line}`),
    '',
  ]
}

/** One caption, with its number. */
export function captionLines(number: number, text: string, look: Look): string[] {
  const [first = '', ...rest] = wrap(plain(text), widthOf(look) - 8)
  return [
    '',
    `  ${paint(look, ['bold', 'inverse'], ` ${number} `)}  ${paint(look, 'bold', first)}`,
    ...rest.map((line) => `       ${paint(look, 'bold', line)}`),
    '',
  ]
}

/** One moment: when, who, what. Each partition has a colour. */
export function momentLine({ atMs, who, kind, partition, text }: Moment, look: Look): string {
  const colour = partition === null ? undefined : PARTITION_COLOURS[partition % PARTITION_COLOURS.length]
  const start = `  ${(atMs / 1000).toFixed(1).padStart(5)} s  ${plain(who).padEnd(10)} ${VERBS[kind].padEnd(8)} `
  return `${start}${colour ? paint(look, colour, plain(text)) : plain(text)}`
}

/** The charts that a demo ends with. */
export function chartLines({ demo, owners, lag }: Told, look: Look): string[] {
  const projected = { ...look, width: widthOf(look) }
  const lines = [
    ...(demo.charts.includes('owners') ? ownershipChart(owners, projected, '') : []),
    ...(demo.charts.includes('lag') ? lagLines(lag, projected) : []),
  ]
  return lines.length > 0 ? ['', ...lines] : []
}

/** The lag over time as a row of blocks; each column shows the highest of its time. */
function lagLines(lag: Told['lag'], look: Look): string[] {
  const columns = look.width - 16
  const toMs = lag.at(-1)?.atMs ?? 0
  const most = Math.max(1, ...lag.map((one) => one.lag))
  const heights = Array.from({ length: columns }, (_, column) => {
    const [from, to] = [column, column + 1].map((edge) => (edge * toMs) / columns) as [number, number]
    const before = lag.findLast(({ atMs }) => atMs < from)?.lag ?? 0
    return Math.max(before, ...lag.filter(({ atMs }) => atMs >= from && atMs <= to).map((one) => one.lag))
  })
  const scale = look.ticks ? BLOCKS : DIGITS
  const bar = heights.map((one) => scale[Math.ceil((one / most) * (scale.length - 1))]).join('')
  return [
    `    lag   ${bar}`,
    `          ${paint(look, 'dim', `0.0 s${seconds(toMs).padStart(columns - 5)}`)}`,
    `          ${paint(look, 'dim', `at most ${most} records, at the end ${lag.at(-1)?.lag ?? 0}`)}`,
  ]
}

function widthOf(look: Look): number {
  return Math.min(look.width, PROJECTOR)
}
