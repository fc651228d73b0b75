import { parseArgs } from 'node:util'
import { WorkbookError } from '../errors.ts'

/** An option of a command: `--name VALUE`, or `--name` alone. */
export interface Option {
  type: 'string' | 'boolean'
  /** What stands for the value in the help: `BROKER`. */
  value?: string
  help: string
}

export type Options = Record<string, Option>

export interface Arguments {
  positionals: string[]
  text(name: string): string | undefined
  flag(name: string): boolean
  /** A whole number of at least 1, or undefined. */
  count(name: string): number | undefined
}

/** The environment that npm hands to a script. */
export type Environment = Record<string, string | undefined>

/**
 * Reads the arguments of one command. Without `--` between them, npm takes flags for its own and hands them on as
 * `npm_config_*`: what can be read there is used; a flag that lost its value is a WorkbookError with the line to type.
 */
export function readArguments(
  argv: string[],
  options: Options,
  command: string,
  env: Environment,
): Arguments {
  const { values, positionals } = parse(argv, options, command)
  for (const [name, option] of Object.entries(options)) {
    const swallowed = env[`npm_config_${name.replaceAll('-', '_')}`]
    if (swallowed === undefined || values[name] !== undefined) continue
    if (option.type === 'boolean') values[name] = swallowed === 'true' || swallowed === ''
    else if (swallowed === 'true' || swallowed === '') throw lostValue(name, option, command, positionals)
    else values[name] = swallowed
  }
  return {
    positionals,
    text: (name) => values[name] as string | undefined,
    flag: (name) => values[name] === true,
    count: (name) => wholeNumber(name, values[name] as string | undefined),
  }
}

function parse(argv: string[], options: Options, command: string) {
  const types = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]))
  try {
    const parsed = parseArgs({ args: argv, options: types, allowPositionals: true, strict: true })
    return {
      values: parsed.values as Record<string, string | boolean | undefined>,
      positionals: parsed.positionals,
    }
  } catch (error) {
    const [first = ''] = (error as Error).message.split(/\. To specify|\n/)
    throw new WorkbookError(
      `${first.replace(/\.$/, '')}.`,
      `Options of this command: npm run workbook -- ${command} --help`,
    )
  }
}

function lostValue(name: string, option: Option, command: string, positionals: string[]): WorkbookError {
  const start = command === 'test' ? 'npm test' : `npm run ${command}`
  const [first, second] = positionals
  const rest = command === 'test' || command === 'play' ? [first ?? ''] : []
  const value = second ?? option.value ?? 'VALUE'
  return new WorkbookError(
    `npm took --${name} for an option of its own, and its value got lost. Nothing was judged.`,
    `Put -- before the options:  ${[start, ...rest].join(' ').trim()} -- --${name} ${value}`,
  )
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw new WorkbookError(
    `--${name} takes a whole number of at least 1, not "${text}".`,
    `For instance: --${name} 3`,
  )
}
