import { wrap } from '../report/style.ts'
import type { Command } from './command.ts'

/** The help of the whole tool. */
export function overallHelp(commands: Record<string, Command>, width: number): string[] {
  const rows = Object.values(commands).map((command) => [
    `${command.start} ${command.usage}`.trim(),
    command.summary,
  ])
  return [
    'The Kafka Workbook: exercises that judge themselves',
    '',
    ...table(rows, width),
    '',
    'Options come after --:   npm test 03 -- --broker container',
    'Options of one command:  npm run workbook -- test --help',
  ]
}

/** The help of one command. */
export function commandHelp(command: Command, width: number): string[] {
  const options = Object.entries(command.options)
  const rows = options.map(([name, { value, help }]) => [`--${name}${value ? ` ${value}` : ''}`, help])
  const line = `${command.start} ${command.usage}`.trim()
  const dashes = options.length > 0 && !line.includes(' -- ') ? ' [-- OPTIONS]' : ''
  return [line + dashes, `  ${command.summary}`, ...(rows.length > 0 ? ['', ...table(rows, width)] : [])]
}

/** Two columns; in a narrow terminal the second one stands below the first. */
function table(rows: string[][], width: number): string[] {
  const longest = Math.max(...rows.map(([left = '']) => left.length))
  const room = width - longest - 5
  if (room >= 40) {
    const pad = ' '.repeat(longest + 5)
    return rows.flatMap(([left = '', right = '']) =>
      wrap(right, room).map((line, index) =>
        index === 0 ? `  ${left.padEnd(longest)}   ${line}` : `${pad}${line}`,
      ),
    )
  }
  return rows.flatMap(([left = '', right = '']) => [
    `  ${left}`,
    ...wrap(right, width - 6).map((line) => `      ${line}`),
  ])
}
