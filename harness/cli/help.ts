import type { Command } from './command.ts'

/** The help of the whole tool. */
export function overallHelp(commands: Record<string, Command>): string[] {
  const rows = Object.values(commands).map((command) => [
    `${command.start} ${command.usage}`.trim(),
    command.summary,
  ])
  return [
    'The Kafka Workbook: exercises that judge themselves, on a real wire.',
    '',
    ...table(rows),
    '',
    'Options come after --, for instance:  npm test 03 -- --broker container',
    'Options of one command:  npm run workbook -- test --help',
  ]
}

/** The help of one command. */
export function commandHelp(command: Command): string[] {
  const options = Object.entries(command.options)
  const rows = options.map(([name, { value, help }]) => [`--${name}${value ? ` ${value}` : ''}`, help])
  const dashes = options.length > 0 && !command.start.includes(' -- ') ? ' [-- OPTIONS]' : ''
  return [
    `${command.start} ${command.usage}`.trim() + dashes,
    `  ${command.summary}`,
    ...(rows.length > 0 ? ['', ...table(rows)] : []),
  ]
}

function table(rows: string[][]): string[] {
  const width = Math.max(...rows.map(([left = '']) => left.length))
  return rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}   ${right}`)
}
