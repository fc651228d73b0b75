import { parseArgs } from 'node:util'
import { WorkbookError } from '../errors.ts'
import { edits } from '../exercise/find.ts'

/** An option of a command: `--name VALUE`, or `--name` alone. */
interface Option {
  type: 'string' | 'boolean'
  /** What stands for the value in the help: `BROKER`. */
  value?: string
  help: string
  /** May be given several times. */
  multiple?: true
}

export type Options = Record<string, Option>

export interface Arguments {
  positionals: string[]
  text(name: string): string | undefined
  /** All values of an option that may be given several times. */
  texts(name: string): string[]
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
  const lost: string[] = []
  for (const [name, { type, multiple }] of Object.entries(options)) {
    const swallowed = env[`npm_config_${name.replaceAll('-', '_')}`]
    if (swallowed === undefined || values[name] !== undefined) continue
    const bare = swallowed === 'true' || swallowed === ''
    if (type === 'boolean') {
      // Empty is what npm makes of `--no-wire`: the flag is not wanted.
      if (swallowed === 'true') values[name] = true
    } else if (bare) lost.push(name)
    else values[name] = multiple ? [swallowed] : swallowed
  }
  if (lost.length > 0) throw lostValues(lost, { values, positionals }, options, command)
  return {
    positionals,
    text: (name) => values[name] as string | undefined,
    texts: (name) => (values[name] as string[] | undefined) ?? [],
    flag: (name) => values[name] === true,
    count: (name) => wholeNumber(name, values[name] as string | undefined),
  }
}

interface Parsed {
  values: Record<string, string | boolean | string[] | undefined>
  positionals: string[]
}

function parse(argv: string[], options: Options, command: string): Parsed {
  const types = Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  )
  try {
    const parsed = parseArgs({
      args: argv,
      options: types,
      allowPositionals: true,
      strict: true,
      tokens: true,
    })
    refuseTwice(parsed.tokens, options, command)
    return { values: parsed.values as Parsed['values'], positionals: parsed.positionals }
  } catch (error) {
    if (error instanceof WorkbookError) throw error
    const { message, meant } = explainRefusal(error as NodeJS.ErrnoException, Object.keys(options))
    throw new WorkbookError(message, `${meant}${wayToHelp(command)}`)
  }
}

function wayToHelp(command: string): string {
  return `Options of this command: npm run workbook -- ${command} --help`
}

/** parseArgs would take the last of several values and say nothing. */
function refuseTwice(
  tokens: readonly { kind: string; name?: string }[],
  options: Options,
  command: string,
): void {
  const seen = new Set<string>()
  for (const { kind, name } of tokens) {
    const option = kind === 'option' && name !== undefined ? options[name] : undefined
    if (name === undefined || option?.type !== 'string' || option.multiple) continue
    if (seen.has(name)) {
      throw new WorkbookError(
        `--${name} is given twice, and takes one value: --${name} ${option.value ?? 'VALUE'}.`,
        wayToHelp(command),
      )
    }
    seen.add(name)
  }
}

/** The words of parseArgs are for programmers. */
function explainRefusal({ code, message }: NodeJS.ErrnoException, known: string[]) {
  const name = /'(--?[^\s',=]+)/.exec(message)?.[1] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = known.find((one) => edits(name, `--${one}`) <= 2)
    return { message: `There is no option ${name} here.`, meant: near ? `Did you mean --${near}? ` : '' }
  }
  const refused = message.includes('does not take an argument') ? 'takes no value' : 'needs a value'
  return { message: `${name} ${refused}.`, meant: '' }
}

/** npm hands on the value of one such option as the last argument; of several, nobody knows which is whose. */
function lostValues(
  lost: string[],
  { values, positionals }: Parsed,
  options: Options,
  command: string,
): WorkbookError {
  const start = ['test', 'start'].includes(command) ? `npm ${command}` : `npm run ${command}`
  const wanted = ['test', 'play', 'broker'].includes(command) ? positionals.slice(0, 1) : []
  const [found] = lost.length === 1 ? positionals.slice(wanted.length) : []
  const missing = lost.map((name) => `--${name} ${found ?? options[name]?.value ?? 'VALUE'}`)
  const kept = Object.entries(values).flatMap(([name, value]) =>
    value === true ? `--${name}` : [value].flat().map((one) => `--${name} ${one}`),
  )
  return new WorkbookError(
    `npm took ${lost.map((name) => `--${name}`).join(' and ')} for options of its own, and the values got lost. Nothing was judged.`,
    `Put -- before the options:  ${[start, ...wanted, '--', ...missing, ...kept].join(' ')}`,
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
