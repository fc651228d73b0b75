import type { Departure, OwnedSpan, Ownership } from '../result.ts'
import { type Look, paint, plain, seconds, shortNames, wrap } from './style.ts'

const INDENT = ' '.repeat(8)
/** Columns of a chart at most; wider, it is no easier to read. */
const MOST_COLUMNS = 72
const LEAST_COLUMNS = 10

/**
 * The ownership chart: a row for each partition, time to the right, and in each cell the letter of the member that owned
 * the partition for most of it, or a dot for nobody. Below: who is who (`owners` stands before the names), and how long
 * partitions went without an owner.
 */
export function ownershipChart(charts: readonly Ownership[], look: Look, owners = 'scene '): string[] {
  return charts.flatMap((chart) => {
    const names = chart.partitions.map(({ partition }) => `partition ${partition}`)
    const label = Math.max(...names.map((name) => name.length)) + 3
    const columns = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, look.width - INDENT.length - label - 2))
    const nobody = look.ticks ? '·' : '.'
    const rows = chart.partitions.map(({ spans }, index) => {
      const cells = Array.from(
        { length: columns },
        (_, column) => cell(chart, spans, column, columns) ?? nobody,
      )
      return `${INDENT}  ${(names[index] as string).padEnd(label)}${cells.join('')}`
    })
    return [
      `${INDENT}${paint(look, 'dim', `who owned what   ${shortNames(plain(chart.topic))} in ${shortNames(plain(chart.group))}`)}`,
      ...rows,
      `${INDENT}  ${' '.repeat(label)}${paint(look, 'dim', axis(chart, columns))}`,
      ...(look.ticks ? [] : inWords(chart, look)).map((line) => `${INDENT}  ${line}`),
      ...notes(chart, look, owners).map((line) => `${INDENT}  ${paint(look, 'dim', line)}`),
    ]
  })
}

/** The owner of most of a cell's time; null where that is nobody. */
function cell(chart: Ownership, spans: OwnedSpan[], column: number, columns: number): string | null {
  const width = (chart.toMs - chart.fromMs) / columns
  const from = chart.fromMs + column * width
  const shares = new Map<string | null, number>([[null, width]])
  for (const { owner, fromMs, toMs } of spans) {
    const share = Math.min(toMs, from + width) - Math.max(fromMs, from)
    if (share <= 0) continue
    shares.set(owner, (shares.get(owner) ?? 0) + share)
    shares.set(null, (shares.get(null) as number) - share)
  }
  return [...shares].reduce((most, one) => (one[1] > most[1] ? one : most))[0]
}

/** The same for those who hear it: letter by letter, a row tells them nothing. */
function inWords({ partitions, toMs }: Ownership, look: Look): string[] {
  return partitions.flatMap(({ partition, spans }) => {
    const told: string[] = []
    let at = 0
    for (const { owner, fromMs, toMs: endMs } of spans) {
      if (fromMs > at) told.push(`nobody until ${seconds(fromMs)}`)
      told.push(`${owner} until ${seconds(endMs)}`)
      at = endMs
    }
    if (at < toMs) told.push(`nobody until ${seconds(toMs)}`)
    return wrap(`partition ${partition}: ${told.join(', ')}`, Math.max(30, look.width - INDENT.length - 2))
  })
}

function axis({ fromMs, toMs }: Ownership, columns: number): string {
  const [first, last] = [seconds(fromMs), seconds(toMs)]
  return `${first}${' '.repeat(Math.max(1, columns - first.length - last.length))}${last}`
}

function notes({ members, departures }: Ownership, look: Look, owners: string): string[] {
  const severalScenes = new Set(members.map(({ lane }) => lane)).size > 1
  const names = members.map(({ letter, lane }) => (severalScenes ? `${letter} ${owners}${lane}` : letter))
  const who = `${members.length === 1 ? 'member' : 'members'}: ${names.join(look.ticks ? ' · ' : ', ')}`
  // At the end everybody leaves, and nobody is there to take over.
  const told = departures.filter(({ how, unownedMs }) => unownedMs !== undefined || how === 'gone')
  const lines = [plain(who), ...told.map(departed)]
  return lines.flatMap((line) => wrap(line, Math.max(30, look.width - INDENT.length - 2)))
}

const HOW = { left: 'left', gone: 'was gone without leaving', expelled: 'lost them to others' }

function departed({ member, how, atMs, unownedMs }: Departure): string {
  const gap = unownedMs === undefined ? 'nobody has got them since' : `without an owner for ${unownedMs} ms`
  return `${member} ${HOW[how]} at ${seconds(atMs)}: its partitions, ${gap}`
}
