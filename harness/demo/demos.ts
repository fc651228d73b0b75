import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { edits } from '../exercise/find.ts'
import type { Demo } from './demo.ts'
import { failover } from './scenes/failover.ts'
import { killOne } from './scenes/kill-one.ts'
import { lag } from './scenes/lag.ts'
import { nothingArrives } from './scenes/nothing-arrives.ts'
import { oneGroup } from './scenes/one-group.ts'
import { replay } from './scenes/replay.ts'
import { sameKey } from './scenes/same-key.ts'
import { secondGroup } from './scenes/second-group.ts'

/** Every demo, in the order of a first lecture. */
export const DEMOS: readonly Demo[] = [
  sameKey,
  oneGroup,
  secondGroup,
  killOne,
  nothingArrives,
  lag,
  replay,
  failover,
]

/** The demo of this name. Throws a WorkbookError when there is none. */
export function findDemo(wanted: string): Demo {
  const found = DEMOS.find(({ name }) => name === wanted)
  if (found) return found
  const near = DEMOS.find(({ name }) => edits(name, wanted) <= 2 || name.includes(wanted))
  throw new WorkbookError(
    `There is no demo "${wanted}".`,
    `${near ? `Did you mean ${near.name}? ` : ''}All of them: npm run demo`,
  )
}

/** The file with the programs of a demo. */
export function scenesOf(demo: Demo, root: string): string {
  return path.join(root, 'harness', 'demo', 'scenes', `${demo.name}.ts`)
}
