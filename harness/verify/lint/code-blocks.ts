import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Exercise } from '../../exercise/find.ts'
import { located } from './rule.ts'

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
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  if (blocks.length === 0) return []
  if (!existsSync(compiler)) return ['pages: TypeScript is not installed, the code in pages was not compiled']
  const folder = path.join(root, '.workbook', 'build', `pages-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    for (const [index, block] of blocks.entries())
      writeFileSync(path.join(folder, `block-${index}.ts`), moduleOf(block))
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(projectOf(root)))
    return errorsIn(await compile(compiler, folder), blocks, root)
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

function compile(compiler: string, folder: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, '--pretty', 'false', '-p', folder], { cwd: folder }, (_, stdout) =>
      resolve(stdout),
    )
  })
}

function errorsIn(output: string, blocks: Block[], root: string): string[] {
  return [...output.matchAll(/^(.*?)block-(\d+)\.ts\((\d+),\d+\): error (.+)$/gm)].map((match) => {
    const block = blocks[Number(match[2])] as Block
    return located(root, block.page, block.line + Number(match[3]) - 2, match[4] as string)
  })
}
