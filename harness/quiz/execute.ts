import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Program } from './question.ts'

/** Longer than any program of a quiz should take, on a busy machine. */
const DEADLINE_MS = 60_000
const OUTPUT_LIMIT = 64 * 1024

export interface Executed {
  output: string
  /** What went wrong; null when the program ended by itself with code 0. */
  failure: string | null
}

/**
 * Runs a program of a quiz in a process of its own, and gives what it prints to standard output. It is compiled as the
 * workbook's own code is; it may import kafkajs, Node's modules and `#bookstore`. `broker` is the address that it finds in
 * the environment variable BROKER. After `deadlineMs` milliseconds it is ended, which is a failure. Run only programs that you trust: it has all rights of the one who starts it.
 */
export async function execute(
  program: Program,
  root: string,
  broker: string | null,
  deadlineMs = DEADLINE_MS,
): Promise<Executed> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'quiz-program-'))
  try {
    const file = path.join(folder, 'program.mjs')
    const problem = await bundle(program.code, root, file)
    return problem === null ? await run(file, broker, deadlineMs) : { output: '', failure: problem }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function bundle(code: string, root: string, outfile: string): Promise<string | null> {
  // Loaded from the workbook, not imported: this file may run as a bundle that lies elsewhere.
  const esbuild = createRequire(path.join(root, 'package.json'))('esbuild') as typeof import('esbuild')
  const result = await esbuild
    .build({
      stdin: { contents: code, loader: 'ts', resolveDir: root, sourcefile: 'program.ts' },
      absWorkingDir: root,
      bundle: true,
      write: false,
      sourcemap: 'inline',
      sourcesContent: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      tsconfigRaw: {},
      alias: { '#bookstore': path.join(root, 'exercises', 'bookstore.ts') },
      plugins: [
        { name: 'kafkajs', setup: (build) => build.onResolve({ filter: /^kafkajs$/ }, () => external(root)) },
      ],
    })
    .catch((error: { errors?: { text: string; location: { line: number } | null }[] }) => error)
  if ('outputFiles' in result) {
    await writeFile(outfile, result.outputFiles[0]?.contents ?? '')
    return null
  }
  const [first] = result.errors ?? []
  return first ? `line ${first.location?.line ?? 1} of the program: ${first.text}` : String(result)
}

function external(root: string) {
  const file = createRequire(path.join(root, 'package.json')).resolve('kafkajs')
  return { path: pathToFileURL(file).href, external: true }
}

function run(file: string, broker: string | null, deadlineMs: number): Promise<Executed> {
  const env = {
    ...process.env,
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    NO_COLOR: '1',
    ...(broker && { BROKER: broker }),
  }
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (said[name].length < OUTPUT_LIMIT) said[name] += text
    })
  }
  const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(deadline)
      const [, line] = /program\.ts:(\d+)/.exec(said.stderr) ?? []
      const why = signal
        ? `was ended after ${deadlineMs / 1000} s`
        : `ended with code ${code}${line ? ` at line ${line}` : ''}: ${said.stderr.trim()}`
      resolve({ output: said.stdout, failure: code === 0 ? null : why })
    })
  })
}
