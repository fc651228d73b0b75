import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, vi } from 'vitest'
import { childEnvironment } from '../../answer/environment.ts'
import { processesWith } from '../cli/run-tool.ts'

const PROMPT = 'ready>'
/** Long enough for a slow machine; a screen that is as expected is seen within 50 ms. */
const PATIENCE = { timeout: 20_000, interval: 50 }

/** Whether tests in a real terminal can run here; with WORKBOOK_TEST_ALL they must, and say so by failing. */
export function hasTmux(): boolean {
  if (process.env.WORKBOOK_TEST_ALL || spawnSync('tmux', ['-V']).status === 0) return true
  console.warn('tmux is not installed: the tests in a real terminal are left out')
  return false
}

/** A real terminal with a shell in it, on a tmux server of its own. */
export interface TestTerminal {
  /** Types a command line, and Enter. */
  run(command: string): void
  /** Presses keys by tmux's names: `q`, `C-c`, `Down`, `Enter`. */
  press(...keys: string[]): void
  resize(columns: number, rows: number): void
  screen(): string
  /** Waits until the screen shows this, and returns the screen. */
  shows(expected: string | RegExp): Promise<string>
  /** Waits for the shell, and resolves with the exit code of the command before. */
  exitCode(): Promise<number>
  /** The window is closed: SIGHUP. */
  hangUp(): void
  /** Waits until nothing is left of what was started in here; where there is a /proc. */
  nothingLeft(): Promise<void>
  close(): void
}

/** Opens a terminal of 80 columns and 24 rows with a shell in `cwd`. */
export async function openTestTerminal(cwd: string): Promise<TestTerminal> {
  const temporary = mkdtempSync(path.join(tmpdir(), 'wb-'))
  const env = { ...childEnvironment(process.env, 'strict'), TMPDIR: temporary }
  const rc = path.join(temporary, 'bashrc')
  writeFileSync(rc, `PS1='${PROMPT} '\n`)
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-S', path.join(temporary, 'tmux'), ...args], { env, encoding: 'utf8' })
  const shell = `bash --noprofile --rcfile ${rc}`
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', '80', '-y', '24', '-c', cwd, '-s', 'test', shell)

  const terminal: TestTerminal = {
    run: (command) => {
      tmux('send-keys', '-l', command)
      tmux('send-keys', 'Enter')
    },
    press: (...keys) => void tmux('send-keys', ...keys),
    resize: (columns, rows) => void tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`),
    screen: () => tmux('capture-pane', '-p'),
    shows: (expected) =>
      vi.waitFor(() => {
        const screen = terminal.screen()
        expect(screen).toMatch(expected)
        return screen
      }, PATIENCE),
    async exitCode() {
      await terminal.shows(new RegExp(`${PROMPT}\\s*$`))
      terminal.run('echo "code $?"')
      const screen = await terminal.shows(/^code \d+$/m)
      terminal.run('clear')
      return Number(/^code (\d+)$/m.exec(screen)?.[1])
    },
    hangUp: () => void tmux('kill-session', '-t', 'test'),
    nothingLeft: () =>
      vi.waitFor(
        () => expect(processesWith(temporary).filter((line) => line.includes('node'))).toEqual([]),
        PATIENCE,
      ),
    close() {
      // The server ends with its last session.
      spawnSync('tmux', ['-S', path.join(temporary, 'tmux'), 'kill-server'], { env })
      rmSync(temporary, { recursive: true, force: true, maxRetries: 3 })
    },
  }
  await terminal.shows(PROMPT)
  return terminal
}
