import { type Look, paint, plain, seconds } from './style.ts'

/** A partition that loses its leader, as a client sees it. Times are milliseconds since the scene began to look. */
export interface Failover {
  /** The nodes that keep it, in the order in which they are asked to lead. */
  replicas: number[]
  /** Who leads and who is in sync, from each moment on. */
  views: { atMs: number; leader: number | null; isr: number[] }[]
  /** `error` is null for a record that was acknowledged. */
  sends: { atMs: number; tookMs: number; error: string | null }[]
  died?: { node: number; atMs: number }
  /** Who should lead next, as the answer says; undefined when it says nothing. */
  predicted?: number | null | undefined
}

const INDENT = ' '.repeat(8)
const LABEL = 12
/** Columns of a strip at most; wider, it is no easier to read. */
const MOST_COLUMNS = 72

/** The failover in a value that a scene returned, or null. */
export function failoverIn(returned: unknown): Failover | null {
  const { failover } = (returned ?? {}) as { failover?: Failover }
  return failover !== undefined && Array.isArray(failover.views) && Array.isArray(failover.sends)
    ? failover
    : null
}

/**
 * The strip: time to the right; a row for the leader, one for each replica while it is in sync, one for the sends. Below:
 * which errors there were, and how long nothing was acknowledged.
 */
export function failoverStrip(failover: Failover, look: Look): string[] {
  const { replicas, views, sends, died } = failover
  const columns = Math.max(20, Math.min(MOST_COLUMNS, look.width - INDENT.length - LABEL - 4))
  const endMs = Math.max(...sends.map(({ atMs, tookMs }) => atMs + tookMs), 1)
  const cellMs = endMs / columns
  // What ends at the very end belongs to the last cell.
  const ends = sends.map(({ atMs, tookMs, error }) => ({ atMs: Math.min(atMs + tookMs, endMs - 1), error }))
  const row = (label: string, cell: (fromMs: number) => string) => {
    const cells = Array.from({ length: columns }, (_, column) => cell(column * cellMs))
    return `${INDENT}  ${label.padEnd(LABEL)}${cells.join('')}`
  }
  const viewAt = (fromMs: number) => views.findLast(({ atMs }) => atMs < fromMs + cellMs)
  const nobody = look.ticks ? '·' : '.'
  const axis = `0.0 s${seconds(endMs).padStart(columns - 5)}`
  return [
    `${INDENT}${paint(look, 'dim', 'a leader dies, as a client sees it')}`,
    ...(died
      ? [row('', (fromMs) => (isIn(died.atMs, fromMs, cellMs) ? 'x' : ' ')).trimEnd() + deathNote(died.node)]
      : []),
    row('leader', (fromMs) => String(viewAt(fromMs)?.leader ?? nobody)),
    ...[...replicas]
      .sort((a, b) => a - b)
      .map((id) =>
        row(`${id} in sync`, (fromMs) => (viewAt(fromMs)?.isr.includes(id) ? String(id) : nobody)),
      ),
    row('sends', (fromMs) => sendCell(ends, fromMs, cellMs, look)),
    `${INDENT}  ${' '.repeat(LABEL)}${paint(look, 'dim', axis)}`,
    ...notes(failover).map((line) => `${INDENT}  ${plain(line)}`),
  ]
}

function deathNote(node: number): string {
  return ` node ${node} dies`
}

function isIn(atMs: number, fromMs: number, cellMs: number): boolean {
  return atMs >= fromMs && atMs < fromMs + cellMs
}

/** An error outweighs what was acknowledged in the same moment; a send on its way is nothing yet. */
function sendCell(
  ends: readonly { atMs: number; error: string | null }[],
  fromMs: number,
  cellMs: number,
  look: Look,
): string {
  const here = ends.filter(({ atMs }) => isIn(atMs, fromMs, cellMs))
  if (here.some(({ error }) => error !== null)) return look.ticks ? '✗' : 'E'
  if (here.length === 0) return ' '
  return look.ticks ? '✓' : 'k'
}

function notes({ views, sends, died, predicted }: Failover): string[] {
  const failed = sends.flatMap(({ error }) => error ?? [])
  const kinds = [...new Set(failed)].map(
    (name) => `${name} ${times(failed.filter((one) => one === name).length)}`,
  )
  const lines = [`errors: ${kinds.length > 0 ? kinds.join(', ') : 'none'}`]
  if (!died) return lines
  const next = views.find(({ atMs, leader }) => atMs >= died.atMs && leader !== null && leader !== died.node)
  const first = sends.find(({ atMs, error }) => atMs >= died.atMs && error === null)
  lines.push(
    next
      ? `${seconds(next.atMs - died.atMs)} until node ${next.leader} led${judged(predicted, next.leader)}`
      : 'nobody led in its place',
    first
      ? `${seconds(first.atMs + first.tookMs - died.atMs)} from the death to the first record that was acknowledged`
      : 'no record was acknowledged any more',
  )
  return lines
}

function judged(predicted: Failover['predicted'], leader: number | null): string {
  if (predicted === undefined) return ''
  return predicted === leader ? ', as your elect() says' : `; your elect() says ${predicted}`
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
