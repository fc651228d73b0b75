import type { CheckResult } from '../result.ts'
import type { Screen } from './screen.ts'

const SHOW_AFTER_MS = 800

/** A line on the terminal for whatever takes longer than a moment. */
export interface Progress {
  begin(exercise: string): void
  check(check: CheckResult): void
  end(): void
}

export function progressOf(screen: Screen, exercises: number): Progress {
  let timer: NodeJS.Timeout | undefined
  let name = ''
  let done = 0
  let judged = 0
  const draw = () => {
    const of = exercises > 1 ? ` (${judged + 1} of ${exercises})` : ''
    screen.progress(`  checking ${name}${of}: ${done} ${done === 1 ? 'check' : 'checks'} done`)
  }
  return {
    begin(exercise) {
      name = exercise
      done = 0
      // Unref'd: should the judging fail, a progress line is no reason to stay.
      timer = setInterval(draw, SHOW_AFTER_MS).unref()
    },
    check() {
      done += 1
    },
    end() {
      judged += 1
      clearInterval(timer)
      screen.progress('')
    },
  }
}
