import type { Clock } from './clock.ts'

/** A timer that can be set again and again; setting it forgets what it was set to before. */
export class Timer {
  readonly #clock: Clock
  #cancel: (() => void) | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set(delayMs: number, run: () => void): void {
    this.cancel()
    this.#cancel = this.#clock.after(delayMs, () => {
      this.#cancel = null
      run()
    })
  }

  cancel(): void {
    this.#cancel?.()
    this.#cancel = null
  }
}
