import { spawn } from 'node:child_process'
import { plain } from '../report/style.ts'
import { ignoringInterrupts } from './interrupt.ts'

/** Both ends of a terminal: what `process.stdin` and `process.stdout` are. */
export interface TerminalEnds {
  input: NodeJS.ReadableStream & { setRawMode(isRaw: boolean): unknown }
  output: NodeJS.WritableStream & { columns: number; rows: number }
}

/**
 * The program that PAGER names, with its arguments; null for the one built in. It is started without a shell: blanks part
 * its words, quotes hold them together, and nothing else means anything. `cat`, and nothing at all, are no programs to wait for.
 */
export function pagerCommand({ PAGER }: NodeJS.ProcessEnv): string[] | 'none' | null {
  if (PAGER === undefined) return null
  const words = [...PAGER.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
  return words.length === 0 || words[0] === 'cat' ? 'none' : words
}

/** Shows lines that are more than the screen holds; resolves with false when they could not be shown by that program. */
export async function showWith(command: readonly string[], lines: readonly string[]): Promise<boolean> {
  const [program = '', ...args] = command
  const env = { LESS: 'FRX', ...process.env }
  return ignoringInterrupts(
    () =>
      new Promise((resolve) => {
        const pager = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'], env })
        pager.on('error', () => resolve(false))
        pager.on('close', () => resolve(true))
        // Somebody who has read enough closes the pipe.
        pager.stdin.on('error', () => {})
        pager.stdin.end(`${lines.join('\n')}\n`)
      }),
  )
}

const ERASE_LINE = '\r\u001b[K'
const [CTRL_C, CTRL_D, ESCAPE] = ['\u0003', '\u0004', '\u001b']

/**
 * A screenful for each key, a line for Enter; `q` ends it, as do Escape and the end of the input. Needs a terminal on both
 * sides. Resolves with false after Ctrl+C.
 */
export async function showByKeys(
  lines: readonly string[],
  { input, output }: TerminalEnds,
): Promise<boolean> {
  let at = 0
  const show = (rows: number) => {
    const end = Math.max(at + 1, endOfRows(lines, at, rows, output.columns))
    output.write(`${lines.slice(at, end).join('\n')}\n`)
    at = end
  }
  const ask = () => output.write(`-- ${at} of ${lines.length} lines: any key goes on, q ends --`)
  show(output.rows - 1)
  input.setRawMode(true)
  input.resume()
  try {
    while (at < lines.length) {
      ask()
      const key = await nextKey(input)
      output.write(ERASE_LINE)
      if (key.includes(CTRL_C)) return false
      if (key === ESCAPE || key.includes(CTRL_D) || /q/i.test(key)) return true
      show(key === '\r' ? 1 : output.rows - 1)
    }
    return true
  } finally {
    input.setRawMode(false)
    input.pause()
  }
}

/** What one press sent; an end of the input counts as Ctrl+D. */
function nextKey(input: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    const end = () => take(CTRL_D)
    const take = (bytes: Buffer | string) => {
      input.off('data', take)
      input.off('end', end)
      resolve(bytes.toString())
    }
    input.on('data', take)
    input.on('end', end)
  })
}

/** The index behind the last line that fits into so many rows of a terminal. */
function endOfRows(lines: readonly string[], from: number, rows: number, columns: number): number {
  let left = rows
  let at = from
  while (at < lines.length) {
    left -= rowsOf(lines[at] as string, columns)
    if (left < 0) break
    at += 1
  }
  return at
}

/** How many rows of a terminal a line takes. */
export function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(plain(line).length / Math.max(1, columns)))
}
