import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { vi } from 'vitest'
import WebSocket from 'ws'
import { Target } from '../debugger/cdp.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
/** No talk with anybody: a test needs no update and no account. */
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
]

/** The browser of this machine, or null: the one that CHROME names, else the first on the path. */
export function findBrowser(): string | null {
  if (process.env.CHROME) return process.env.CHROME
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const files = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
  return files.find((file) => existsSync(file)) ?? null
}

export interface Page {
  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>
  /** Asks as a user does who has chosen light or dark. */
  prefer(scheme: 'light' | 'dark'): Promise<void>
}

/** Opens a page in a browser of its own, `width` pixels wide, and shows it to `look`. */
export async function withPage<T>(
  browser: string,
  url: string,
  width: number,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'workbook-browser-'))
  const flags = [...QUIET, `--user-data-dir=${folder}`, `--window-size=${width},800`]
  const child = spawn(browser, [...flags, url], { stdio: 'ignore' })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  try {
    const socket = new WebSocket(await pageAddress(folder), { perMessageDeflate: false })
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
    const target = new Target((message) => socket.send(message))
    socket.on('message', (data) => target.hear(String(data)))
    const page: Page = {
      async evaluate<V>(expression: string) {
        const asked = { expression, returnByValue: true, awaitPromise: true }
        const { result } = await target.send<{ result: { value: V } }>('Runtime.evaluate', asked)
        return result.value
      },
      async prefer(value) {
        await target.send('Emulation.setEmulatedMedia', {
          features: [{ name: 'prefers-color-scheme', value }],
        })
      },
    }
    const isWhole = async () => (await page.evaluate('document.readyState')) === 'complete'
    await vi.waitUntil(isWhole, { timeout: 25_000 })
    return await look(page)
  } finally {
    child.kill('SIGKILL')
    await gone
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Where the browser tells of its first page: it writes its port into a file. */
async function pageAddress(folder: string): Promise<string> {
  const file = path.join(folder, 'DevToolsActivePort')
  const port = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n')[0] : undefined)
  await vi.waitUntil(port, { timeout: 25_000 })
  const pages = async () => {
    const answer = await fetch(`http://127.0.0.1:${port()}/json/list`)
    const targets = (await answer.json()) as { type: string; webSocketDebuggerUrl: string }[]
    return targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl
  }
  return vi.waitUntil(pages, { timeout: 25_000 })
}
