import type { Place } from '../result.ts'
import type { Send } from './report.ts'

/** Above this many pieces nobody reads the places any more, and finding them takes time. */
const PLACED_PIECES = 1000
const FRAMES = 30
/** More than this in one piece is cut: the keeper ends whoever prints that much. */
const PIECE_CHARACTERS = 4 * 1024 * 1024

/**
 * Sends what the answer prints as reports, each with the place of the call. `console` writes to the same streams, so
 * two methods are all there is to replace. What bypasses them still arrives at the keeper, through the pipe, without a place.
 */
export function reportOutput(send: Send, placeIn: (stack: string) => Place | undefined): void {
  let pieces = 0
  const callPlace = (): Place | undefined => {
    pieces += 1
    return pieces > PLACED_PIECES ? undefined : placeIn(deepStack())
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const write = (chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString()
      const at = callPlace()
      send({ kind: 'output', stream, text: text.slice(0, PIECE_CHARACTERS), ...(at && { at }) })
      const done = typeof encoding === 'function' ? encoding : callback
      if (typeof done === 'function') process.nextTick(done as () => void)
      return true
    }
    process[stream].write = write
  }
}

/** A stack trace that is deep enough to get past console's own frames. */
export function deepStack(): string {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = FRAMES
  try {
    return String(new Error().stack)
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** Silences Node 24's TimeoutNegativeWarning, which kafkajs 2.2.4 causes (its issue 1751), and no other warning. */
export function silenceTimeoutWarning(): void {
  const emitWarning = process.emitWarning
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] === 'TimeoutNegativeWarning') return
    ;(emitWarning as (...args: unknown[]) => void).call(process, warning, ...rest)
  }) as typeof process.emitWarning
}
