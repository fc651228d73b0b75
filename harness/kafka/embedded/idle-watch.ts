import type { Clock } from './clock.ts'
import { Timer } from './timer.ts'

/** No timer of Node waits longer. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Ends what stands still for `connections.max.idle.ms`. As in Kafka's Selector a connection is idle when no byte comes or
 * goes, whether or not it waits for an answer; a negative time means never.
 */
export class IdleWatch {
  readonly #clock: Clock
  readonly #maxIdleMs: number
  readonly #end: () => void
  readonly #timer: Timer
  #lastMoveMs: number

  constructor(clock: Clock, maxIdleMs: number, end: () => void) {
    this.#clock = clock
    this.#maxIdleMs = maxIdleMs
    this.#end = end
    this.#timer = new Timer(clock)
    this.#lastMoveMs = clock.now()
    if (maxIdleMs >= 0) this.#wait(maxIdleMs)
  }

  /** To be called when bytes come or go. It sets no timer, so it costs next to nothing. */
  moved(): void {
    this.#lastMoveMs = this.#clock.now()
  }

  stop(): void {
    this.#timer.cancel()
  }

  #wait(ms: number): void {
    this.#timer.set(Math.min(ms, LONGEST_MS), () => {
      const leftMs = this.#lastMoveMs + this.#maxIdleMs - this.#clock.now()
      if (leftMs <= 0) this.#end()
      else this.#wait(leftMs)
    })
  }
}
