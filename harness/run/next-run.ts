import type { RunContext } from '../check/context.ts'

let runs = 0

/** The short id of one judgement, or of one scene that is played: each has names of its own on the broker. */
export function nextRun({ run }: RunContext): string {
  runs += 1
  return `${run}${runs.toString(36)}`
}
