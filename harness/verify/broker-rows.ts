import { median } from '../median.ts'
import type { Figures } from './load/job.ts'

/** A line of the table. */
interface Row {
  id: string
  label: string
  unit: 'ms' | 'per s' | 'MiB'
}

const ROWS: readonly Row[] = [
  { id: 'startMs', label: 'start to first answered request', unit: 'ms' },
  { id: 'processStartMs', label: '  the same as a process of its own', unit: 'ms' },
  { id: 'createTopicMs', label: 'create a topic', unit: 'ms' },
  { id: 'sendsPerSecond', label: 'awaited sends of 1 KiB', unit: 'per s' },
  { id: 'batchedPerSecond', label: 'records of 1 KiB, sends of 100, one by one', unit: 'per s' },
  { id: 'pipelinedPerSecond', label: '  the same, ten sends at once', unit: 'per s' },
  { id: 'consumedPerSecond', label: 'consumed records of 1 KiB', unit: 'per s' },
  { id: 'firstRecordMs', label: 'consumer.run to the first record, new group', unit: 'ms' },
  { id: 'reassignMs', label: 'clean leave to the next assignment', unit: 'ms' },
  { id: 'emptyMiB', label: 'memory when just started', unit: 'MiB' },
  { id: 'millionMiB', label: '  after a million records of 100 bytes', unit: 'MiB' },
]

/** The rounds of one broker: what was measured, by row. */
export interface Measured {
  name: string
  rounds: Figures[]
}

/**
 * A line for each row: median, least and most of each broker, and how many times as quick (or as small) the first one is as
 * the second: the median over the rounds, pair by pair. `<` marks a row in which the first one is behind.
 */
export function brokerTable(measured: Measured[]): string[] {
  const [first, second] = measured
  if (!first) return []
  const cells = ROWS.map((row) => [
    row.label,
    cell(first, row),
    ...(second ? [cell(second, row), comparison(first, second, row)] : []),
  ])
  const head = ['', first.name, ...(second ? [second.name, 'times as good'] : [])]
  return aligned([head, ...cells])
}

/** Columns as wide as what stands in them. */
export function aligned(lines: string[][]): string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  )
  return lines.map((line) =>
    line
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('   '),
  )
}

function valuesOf({ rounds }: Measured, { id }: Row): number[] {
  return rounds.flatMap((figures) => figures[id] ?? [])
}

function cell(measured: Measured, row: Row): string {
  const values = valuesOf(measured, row)
  if (values.length === 0) return '-'
  const [low, high] = [Math.min(...values), Math.max(...values)].map(show)
  return `${show(median(values))} ${row.unit} (${low} - ${high})`
}

function comparison(first: Measured, second: Measured, row: Row): string {
  const others = valuesOf(second, row)
  const ratios = valuesOf(first, row).flatMap((value, round) => {
    const other = others[round]
    if (other === undefined) return []
    return row.unit === 'per s' ? value / other : other / value
  })
  if (ratios.length === 0) return '-'
  const ratio = median(ratios)
  return `${ratio < 1 ? '< ' : ''}${show(ratio)}`
}

/** Three digits are as exact as a machine with other work is. */
export function show(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2)
}
