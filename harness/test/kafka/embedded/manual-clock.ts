import type { Clock } from '../../../kafka/embedded/clock.ts'

export interface ManualClock extends Clock {
  /** Moves time on and runs, in their order, the timers that fall due, those too that are set on the way. */
  advance(ms: number): void
  /** How many timers are set. */
  readonly waiting: number
}

/** A clock that stands still until a test moves it. */
export function manualClock(): ManualClock {
  const start = 1_700_000_000_000
  let now = start
  const timers = new Set<{ at: number; run: () => void }>()

  function nextUntil(end: number) {
    const due = [...timers].filter(({ at }) => at <= end)
    return due.sort((one, other) => one.at - other.at)[0]
  }

  return {
    now: () => now,
    after(delayMs, run) {
      const timer = { at: now + delayMs, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      const end = now + ms
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.run()
      }
      now = end
    },
    get waiting() {
      return timers.size
    },
  }
}
