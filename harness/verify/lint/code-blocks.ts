import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Exercise } from '../../exercise/find.ts'
import { checkTypes, findCompiler } from '../../run/typescript.ts'
import { located } from './rule.ts'

/** All pages at once, on a machine that may do other things. */
const LONGEST_WAIT_MS = 120_000

interface Block {
  /** The page it stands in. */
  page: string
  /** Line of the page that holds the block's first line of code. */
  line: number
  code: string
}

/**
 * Every ```ts block of a page compiles, in one run of TypeScript. A block is a module of its own that sees the names
 * of the exercise's stub, of the bookstore and of kafkajs without importing them.
 */
export async function lintCodeBlocks(exercises: Exercise[], root: string): Promise<string[]> {
  const blocks = exercises.flatMap((exercise) => blocksOf(exercise.pageFile))
  const compiler = findCompiler(root)
  if (blocks.length === 0) return []
  if (compiler === null) return ['pages: TypeScript is not installed, the code in pages was not compiled']
  const folder = path.join(root, '.workbook', 'build', `pages-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    for (const [index, block] of blocks.entries())
      writeFileSync(path.join(folder, `block-${index}.ts`), moduleOf(block))
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(projectOf(root)))
    const output = await checkTypes(compiler, folder, { cwd: folder, timeoutMs: LONGEST_WAIT_MS })
    return errorsIn(output, blocks, root)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function blocksOf(page: string): Block[] {
  if (!existsSync(page)) return []
  const blocks: Block[] = []
  let open: { line: number; code: string[] } | null = null
  for (const [index, line] of readFileSync(page, 'utf8').replaceAll('\r\n', '\n').split('\n').entries()) {
    if (open && line.startsWith('```')) {
      blocks.push({ page, line: open.line, code: open.code.join('\n') })
      open = null
    } else if (open) open.code.push(line)
    else if (/^```ts\b/.test(line)) open = { line: index + 2, code: [] }
  }
  return blocks
}

/** One line before the block's code, so that line numbers are easy to map. */
function moduleOf({ code }: Block): string {
  return `export {}\n${code}\n`
}

function projectOf(root: string) {
  return {
    extends: path.join(root, 'tsconfig.json'),
    compilerOptions: { noUnusedLocals: false },
    include: ['*.ts'],
    exclude: [],
  }
}

function errorsIn(output: string, blocks: Block[], root: string): string[] {
  return [...output.matchAll(/^(.*?)block-(\d+)\.ts\((\d+),\d+\): error (.+)$/gm)].map((match) => {
    const block = blocks[Number(match[2])] as Block
    return located(root, block.page, block.line + Number(match[3]) - 2, match[4] as string)
  })
}
