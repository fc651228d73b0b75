import { emitKeypressEvents, type Interface } from 'node:readline'

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'

/** Escape also begins the codes of other keys, which come in one piece; Node would wait half a second for the rest. */
const ESCAPE_MS = 100

/** The terminal, all of it: a screen of its own, and every key as it is pressed. */
export interface Terminal {
  /** Columns and rows, as they are now. */
  size(): { width: number; rows: number }
  /** Shows these lines, and nothing else. */
  draw(lines: readonly string[]): void
  /** Hands the terminal back until the shell continues this process (`fg`). Does nothing where there is no job control. */
  suspend(): void
  /** Hands the terminal back, as it was. */
  close(): void
}

export interface TerminalEvents {
  /** `n`, `?`, `up`, `return`, `ctrl+c` */
  onKey(key: string): void
  /** The screen has another size, or has missed a frame. */
  onRedraw(): void
  /** The terminal is ours again. */
  onContinue(): void
  /** Nobody can press a key any more. */
  onEnd(): void
}

/**
 * Takes the terminal over: the alternate screen, no line wrap, raw keys. Whatever ends the process gives it back;
 * `useScreen` false leaves the screen alone, for output from top to bottom.
 */
export function openTerminal(events: TerminalEvents, useScreen: boolean): Terminal {
  const { stdin, stdout } = process
  let shown = ''
  let isOpen = false

  const take = () => {
    isOpen = true
    stdin.setRawMode(true)
    if (useScreen) stdout.write(ENTER)
    shown = ''
  }
  const giveBack = () => {
    if (!isOpen) return
    isOpen = false
    if (useScreen) stdout.write(LEAVE)
    // A terminal that has gone cannot be set any more.
    if (!stdin.destroyed) stdin.setRawMode(false)
  }
  const onKeypress = (text: string | undefined, key: Keypress) => {
    const name = nameOf(text, key)
    if (name !== '') events.onKey(name)
  }
  const onContinue = () => {
    // The shell has set the terminal as it likes it; only a change reaches the system.
    giveBack()
    take()
    events.onContinue()
  }

  emitKeypressEvents(stdin, { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface)
  stdin.on('keypress', onKeypress)
  stdin.on('end', events.onEnd)
  stdout.on('resize', events.onRedraw)
  // A frame that came while the terminal was busy is left out; the newest one must not be.
  stdout.on('drain', events.onRedraw)
  process.on('exit', giveBack)
  if (process.platform !== 'win32') process.on('SIGCONT', onContinue)
  take()
  stdin.resume()

  return {
    size: () => ({ width: Math.max(20, stdout.columns || 80), rows: Math.max(4, stdout.rows || 24) }),
    draw(lines) {
      if (!isOpen || stdout.writableNeedDrain) return
      // Erased before it is written: behind a line as wide as the screen, its last letter would go.
      const frame = lines.map((line) => `\u001b[K${line}`).join('\r\n')
      if (frame === shown) return
      shown = frame
      stdout.write(`\u001b[H${frame}\u001b[J`)
    },
    suspend() {
      if (process.platform === 'win32') return
      giveBack()
      // The whole group, as Ctrl+Z does: npm stands between us and the shell.
      process.kill(0, 'SIGTSTP')
    },
    close() {
      giveBack()
      stdin.off('keypress', onKeypress)
      stdin.off('end', events.onEnd)
      stdout.off('resize', events.onRedraw)
      stdout.off('drain', events.onRedraw)
      process.off('SIGCONT', onContinue)
      process.off('exit', giveBack)
      stdin.pause()
    },
  }
}

interface Keypress {
  name?: string | undefined
  ctrl?: boolean
  meta?: boolean
}

/** The name of a key that does something, and the letter of one that writes something; else an empty string. */
function nameOf(text: string | undefined, { name = '', ctrl, meta }: Keypress): string {
  if (ctrl) return `ctrl+${name}`
  if (name === 'enter') return 'return'
  if (meta) return name === 'escape' ? name : ''
  const isLetter = text !== undefined && /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(text)
  return isLetter ? text : name
}
