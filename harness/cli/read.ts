import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { WorkbookError } from '../errors.ts'
import { type Exercise, readPage } from '../exercise/find.ts'
import type { Block, Inline } from '../markdown/content.ts'
import { parseMarkdown } from '../markdown/parse.ts'
import { type Destination, renderBlocks } from '../markdown/terminal.ts'
import { pathInside } from '../path-inside.ts'
import type { Look } from '../report/style.ts'
import { wantedOrInHand } from './choose.ts'
import type { Invocation } from './command.ts'
import { pagerCommand, rowsOf, showByKeys, showWith, type TerminalEnds } from './pager.ts'

const WIDEST = 100
const INTERRUPTED = 130

/** Shows the page of an exercise: through a pager where it is longer than the terminal, as a whole elsewhere. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, cwd, args, screen } = invocation
  const exercise = wantedOrInHand(invocation, args.positionals[0])
  const text = lessonText(exercise, cwd)
  if (args.flag('json')) {
    const { name, number, pageFile } = exercise
    const file = pathInside(root, pageFile)
    screen.print(JSON.stringify({ number, name, ...readPage(exercise), file, text }, null, 2))
    return 0
  }
  const show = (look: Look) => lessonLines(text, exercise, look, cwd)
  const terminal = terminalOf(invocation)
  if (terminal === null) {
    screen.print(show(screen.look))
    return 0
  }
  return showInPager(show, screen.look, terminal, (lines) => screen.print(lines))
}

async function showInPager(
  show: (look: Look) => string[],
  look: Look,
  terminal: TerminalEnds,
  print: (lines: string[]) => void,
): Promise<number> {
  const lines = show(look)
  const { columns, rows } = terminal.output
  const fits = lines.reduce((sum, line) => sum + rowsOf(line, columns), 0) < rows
  const command = pagerCommand(process.env)
  if (fits || command === 'none') {
    print(lines)
    return 0
  }
  // Older pagers show the bytes of a link.
  if (command && (await showWith(command, show({ ...look, links: false })))) return 0
  return (await showByKeys(lines, terminal)) ? 0 : INTERRUPTED
}

/** Where keys can be asked for. */
function terminalOf({ screen }: Invocation): TerminalEnds | null {
  const { stdin: input, stdout: output } = process
  return screen.isLive && input.isTTY ? { input, output } : null
}

/** The page of an exercise as it is written. Throws WorkbookError when it cannot be read. */
export function lessonText({ pageFile }: Exercise, cwd: string): string {
  try {
    return readFileSync(pageFile, 'utf8')
  } catch {
    const where = path.relative(cwd, pageFile)
    throw new WorkbookError(`${where} cannot be read.`, `Restore it: git checkout -- ${where}`)
  }
}

/** A page as lines for a terminal, with where its files lie from here. */
export function lessonLines(text: string, { pageFile }: Exercise, look: Look, cwd: string): string[] {
  const { blocks, problems } = parseMarkdown(text, { pictures: true })
  const destination = (address: string) => destinationOf(address, path.dirname(pageFile), cwd)
  const width = Math.min(look.width, WIDEST)
  const left = problems.map(({ line, message }) => `${path.relative(cwd, pageFile)}:${line} ${message}`)
  return ['', ...renderBlocks(withFrontLines(blocks), { ...look, width, destination }), '', ...left]
}

/** An address that is relative leads from the page's folder; elsewhere it is as it is written. */
function destinationOf(address: string, folder: string, cwd: string): Destination {
  if (/^([a-z][a-z0-9+.-]*:|#)/i.test(address)) return { shown: address, target: address }
  const [name = '', anchor] = address.split('#')
  const file = path.resolve(folder, name)
  return {
    shown: path.relative(cwd, file),
    target: `${pathToFileURL(file)}${anchor === undefined ? '' : `#${anchor}`}`,
  }
}

/** Objective, kind and minutes are one paragraph to Markdown, and a line each to a reader. */
function withFrontLines(blocks: readonly Block[]): Block[] {
  const at = blocks.findIndex(({ kind }) => kind === 'paragraph')
  return blocks.map((block, index) =>
    index === at && block.kind === 'paragraph' ? { ...block, of: block.of.flatMap(brokenAtLineEnds) } : block,
  )
}

function brokenAtLineEnds(inline: Inline): Inline[] {
  if (inline.kind !== 'text') return [inline]
  return inline.text
    .split('\n')
    .flatMap((text, at): Inline[] =>
      at === 0 ? [{ kind: 'text', text }] : [{ kind: 'break' }, { kind: 'text', text }],
    )
}
