import { type Face, faceOf } from './face.ts'

/** The terminal, or the pipe, that a command writes to. */
export interface Screen extends Face {
  /** Writes lines to standard output. */
  print(lines: string | string[]): void
  /** Writes a line to standard error: notes and progress, never results. */
  note(line: string): void
  /** A line that is replaced by the next one; only on a terminal, and only on standard error. */
  progress(line: string): void
  /** Takes the progress line away; nothing is shown from now on. */
  close(): void
}

/** The screen of a command; `plainWanted` is what `--plain` says. */
export function openScreen(
  out: NodeJS.WriteStream,
  err: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv,
  plainWanted = false,
): Screen {
  const face = faceOf(out, env, plainWanted)
  const showsProgress = faceOf(err, env, plainWanted).isLive
  let progressShown = false
  let closed = false
  const clearProgress = () => {
    if (progressShown) err.write('\r\u001b[K')
    progressShown = false
  }
  return {
    ...face,
    print(lines) {
      if (closed) return
      clearProgress()
      out.write(`${[lines].flat().join('\n')}\n`)
    },
    note(line) {
      if (closed) return
      clearProgress()
      err.write(`${line}\n`)
    },
    progress(line) {
      if (!showsProgress || closed) return
      clearProgress()
      err.write(line.slice(0, Math.max(20, (err.columns || 80) - 1)))
      progressShown = true
    },
    close() {
      clearProgress()
      closed = true
    },
  }
}

/** Tells of an error that nobody foresaw: where it comes from, and that it is not the reader's. */
export function noteBug(screen: Screen, error: unknown): void {
  screen.note(error instanceof Error ? (error.stack ?? error.message) : String(error))
  screen.note('This is a fault of the workbook. Please report it with the lines above.')
}
