import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Commands in a document: a fence that begins with ```sh. */
export interface Fence {
  /** Relative to the workbook, with forward slashes. */
  page: string
  /** Of its first command; lines count from 1. */
  line: number
  text: string
  /** Why it is not run, or null. */
  skip: string | null
  /** The exit code of its last command: `exit=1`, else 0. */
  exit: number
}

/** Documents for readers. Quizzes are forms with a grammar of their own. */
const FOLDERS = ['docs', 'exercises', 'harness']
const LEFT_OUT = /(^|\/)(node_modules|test)\//

/** Every document of the workbook at `root`, relative to it. */
export function pagesOf(root: string): string[] {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      `${folder}/${name}`.split(path.sep).join('/'),
    ),
  )
  return [...readdirSync(root), ...below]
    .filter((name) => name.endsWith('.md') && !LEFT_OUT.test(name))
    .sort()
}

interface Block {
  line: number
  info: string
  text: string
}

function blocksOf(markdown: string): Block[] {
  const lines = markdown.split(/\r?\n/)
  const blocks: Block[] = []
  let open: Block | null = null
  for (const [index, line] of lines.entries()) {
    const [, info] = /^\s*```(.*)$/.exec(line) ?? []
    if (open === null && info !== undefined) open = { line: index + 2, info: info.trim(), text: '' }
    else if (open !== null && info === '') {
      blocks.push(open)
      open = null
    } else if (open !== null) open.text += `${line}\n`
  }
  return blocks
}

/** The fences with commands on a page. Throws on an instruction that is none: what is not run must say why. */
export function fencesOf(root: string, page: string): Fence[] {
  return blocksOf(readFileSync(path.join(root, page), 'utf8')).flatMap(({ line, info, text }) => {
    const [language, ...rest] = info.split(' ')
    if (language !== 'sh') return []
    const told = rest.join(' ')
    const { skip = null, exit = '0' } =
      /^(?:skip=(?<skip>.+)|exit=(?<exit>\d+)|)$/.exec(told)?.groups ?? fail()
    return [{ page, line, text, skip, exit: Number(exit) }]
    function fail(): never {
      throw new Error(`${page}:${line}: "sh ${told}" is neither "skip=REASON" nor "exit=CODE"`)
    }
  })
}

/** Fences that look like commands and do not say so: nobody would run them. */
export function unmarkedCommands(root: string, page: string): string[] {
  return blocksOf(readFileSync(path.join(root, page), 'utf8'))
    .filter(({ info, text }) => info === '' && /^\s*(npm|npx|node|git|docker|kafka-[\w-]+\.sh) /.test(text))
    .map(({ line }) => `${page}:${line}`)
}
