import type { Stage } from '#workbook/check'
import { OffsetTracker } from './offset-tracker.ts'

/** One thing that happens to the tracker of a partition. */
export type Step =
  | { partition: number; does: 'deliver'; offset: bigint }
  | { partition: number; does: 'done'; offset: bigint }
  | { partition: number; does: 'committable' }
  | { partition: number; does: 'revoke' }

export interface Script {
  /** The committed offset of each partition; there is one tracker for each. */
  starts: bigint[]
  steps: Step[]
}

/** Three records for three workers, and the second one is the fastest: what may be committed when? */
export async function outOfOrder({ given = fastSecond() }: Pick<Stage<Script>, 'given'>) {
  return play(given, (step, answer) => {
    const offset = 'offset' in step ? ` ${step.offset}` : ` -> ${answer}`
    console.log(`partition ${step.partition}  ${step.does}${step.does === 'revoke' ? '' : offset}`)
  })
}

/** Runs scripts, each with trackers of its own. For each: what `committable` said, call by call. */
export async function run({ given = [fastSecond()] }: Pick<Stage<Script[]>, 'given'>) {
  return given.map((script) => play(script))
}

function play({ starts, steps }: Script, look = (_step: Step, _answer: unknown) => {}): (bigint | null)[] {
  const trackers = starts.map((start) => new OffsetTracker(start))
  return steps.flatMap((step) => {
    const tracker = trackers[step.partition] as OffsetTracker
    if (step.does === 'deliver') tracker.deliver(step.offset)
    if (step.does === 'done') tracker.done(step.offset)
    if (step.does === 'revoke') tracker.revoke()
    const said = step.does === 'committable' ? [tracker.committable()] : []
    look(step, said[0])
    return said
  })
}

function fastSecond(): Script {
  const step = (does: 'deliver' | 'done', offset: bigint): Step => ({ partition: 0, does, offset })
  const committable: Step = { partition: 0, does: 'committable' }
  return {
    starts: [0n],
    steps: [
      ...[step('deliver', 0n), step('deliver', 1n), step('deliver', 2n)],
      ...[
        step('done', 1n),
        committable,
        step('done', 0n),
        committable,
        committable,
        step('done', 2n),
        committable,
      ],
    ],
  }
}
