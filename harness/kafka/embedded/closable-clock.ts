import type { Clock } from './clock.ts'

/** A clock that forgets all its timers at once, so that a broker that was closed keeps nothing alive. */
export function closableClock(clock: Clock): Clock & { close(): void } {
  const cancels = new Set<() => void>()
  return {
    now: () => clock.now(),
    after(delayMs, run) {
      const cancelTimer = clock.after(delayMs, () => {
        cancels.delete(cancel)
        run()
      })
      function cancel(): void {
        cancels.delete(cancel)
        cancelTimer()
      }
      cancels.add(cancel)
      return cancel
    },
    close() {
      for (const cancel of cancels) cancel()
    },
  }
}
