import { type Clock, systemClock } from '../../kafka/embedded/clock.ts'

/** The system's clock, and a way to skip days of it: what the broker does with time is done at once then. */
export interface SkippingClock extends Clock {
  skip(ms: number): void
  /** How many timers are set. */
  readonly waiting: number
}

export function skippingClock(): SkippingClock {
  const timers = new Set<{ at: number; run: () => void; cancel: () => void }>()
  let ahead = 0
  const now = () => systemClock.now() + ahead
  return {
    now,
    after(delayMs, run) {
      const timer = { at: now() + delayMs, run, cancel: () => {} }
      const cancelReal = systemClock.after(delayMs, () => {
        timers.delete(timer)
        run()
      })
      timer.cancel = () => {
        timers.delete(timer)
        cancelReal()
      }
      timers.add(timer)
      return timer.cancel
    },
    skip(ms) {
      const end = now() + ms
      const due = () => [...timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)
      for (let next = due(); next.length > 0; next = due()) {
        for (const timer of next.filter((one) => timers.has(one))) {
          ahead = Math.max(ahead, timer.at - systemClock.now())
          timer.cancel()
          timer.run()
        }
      }
      ahead = Math.max(ahead, end - systemClock.now())
    },
    get waiting() {
      return timers.size
    },
  }
}
