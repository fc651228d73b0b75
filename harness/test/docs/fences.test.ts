import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { childEnvironment } from '../../answer/environment.ts'
import { GITHUBS_OWN } from '../../verify/lint/links.ts'
import { copyWorkbook, remove } from '../cli/run-tool.ts'
import { type Fence, fencesOf, pagesOf, unmarkedCommands } from './fences.ts'

/* Every command in a document works as it is written, in one copy of the workbook, on the embedded broker. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const FENCES = pagesOf(ROOT).flatMap((page) => fencesOf(ROOT, page))
const name = ({ page, line }: Fence) => `${page}:${line}`

describe.skipIf(process.platform === 'win32')('the commands in the documents', { timeout: 120_000 }, () => {
  let copy: string

  beforeAll(() => {
    copy = copyWorkbook()
  })

  afterAll(() => remove(copy))

  const run = FENCES.filter(({ skip }) => skip === null).map((fence) => [name(fence), fence] as const)
  test.each(run)('%s', async (_, { text, exit }) => {
    const { code, said } = await inShell(text, copy)
    expect(code, said).toBe(exit)
  })
})

/** Stops at the first command that fails, as a reader does. */
function inShell(text: string, cwd: string): Promise<{ code: number | null; said: string }> {
  const env = {
    ...childEnvironment(process.env, 'strict'),
    KAFKA_WORKBOOK_BROKER: 'embedded',
    npm_config_update_notifier: 'false',
  }
  const shell = spawn('sh', ['-e', '-c', text], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
    })
  }
  return new Promise((resolve) => shell.on('close', (code) => resolve({ code, said })))
}

test('those that are not run say why', () => {
  const skipped = FENCES.filter(({ skip }) => skip !== null)
  for (const fence of skipped) console.log(`not run: ${name(fence)}: ${fence.skip}`)
  expect(skipped.length).toBeLessThan(FENCES.length)
})

test('no command hides in a fence that is not marked as one', () => {
  expect(pagesOf(ROOT).flatMap((page) => unmarkedCommands(ROOT, page))).toEqual([])
})

test('the pictures of the documents need nothing else, and have a light and a dark side', () => {
  const folder = path.join(ROOT, 'docs', 'pictures')
  const pictures = readdirSync(folder)
  expect(pictures).toEqual(['ownership.svg', 'verdict.svg'])
  for (const picture of pictures) {
    const svg = readFileSync(path.join(folder, picture), 'utf8')
    expect(svg).toContain('prefers-color-scheme: dark')
    expect(svg).not.toMatch(/href=|url\(|@import|<script|<image/)
  }
})

test('every picture and page that a document leads to is there', () => {
  const lost = pagesOf(ROOT).flatMap((page) => {
    const text = readFileSync(path.join(ROOT, page), 'utf8')
      .replace(/^```[\s\S]*?^```/gm, '')
      .replace(/`[^`\n]*`/g, '')
    const links = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, to]) => to as string)
    const local = links.filter((to) => !/^[a-z]+:/.test(to) && to !== GITHUBS_OWN)
    return local.filter((to) => !isThere(path.join(path.dirname(page), to))).map((to) => `${page}: ${to}`)
  })
  expect(lost).toEqual([])
})

/** By name and case, also where the file system does not mind. */
function isThere(relative: string): boolean {
  const { dir, base } = path.parse(path.normalize(relative))
  try {
    return base === '.' || base === '..' || readdirSync(path.join(ROOT, dir)).includes(base)
  } catch {
    return false
  }
}
