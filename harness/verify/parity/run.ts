import { parseBootstrap } from '../../kafka/client/address.ts'
import { normaliser, type Replaced } from './normalise.ts'
import { openScene } from './scene.ts'
import type { Sequence } from './sequence.ts'
import { type Step, Transcript } from './transcript.ts'

/** Where sequences are played. */
export interface Target {
  bootstrap: string
  /** What the names of this run begin with. */
  prefix: string
  /** How many sequences are under way at once. */
  atOnce: number
  /** The deadline of each request, in milliseconds. */
  timeoutMs: number
  /** Stops a node for good. */
  stopNode(id: number): Promise<void>
}

/** How one sequence went. */
export interface Played {
  sequence: Sequence
  steps: Step[]
  /** Why the script could not go on; null when it came to its end. */
  error: Error | null
  durationMs: number
}

/** One hour: a sequence's own times are older than the broker's, and still far from every retention. */
const BEFORE_NOW_MS = 3_600_000

export interface PlayHooks {
  replaced?: Replaced
  /** May throw to end the sequence at once. */
  onStep?: (sequence: Sequence, step: Step, index: number) => void
  onPlayed?: (played: Played) => void
  /** True when no further sequence has to begin. */
  isOver?: () => boolean
}

/** Plays all sequences, several at once, those that stop nodes at last; resolves with how each one went. */
export async function playAll(
  sequences: readonly Sequence[],
  target: Target,
  hooks: PlayHooks = {},
): Promise<Played[]> {
  const runStartedAt = Date.now()
  const played: Played[] = []
  const waiting = sequences.filter(({ stopsNodes }) => !stopsNodes)
  const work = async () => {
    for (let next = waiting.shift(); next && !hooks.isOver?.(); next = waiting.shift()) {
      const one = await playOne(next, target, { ...hooks, runStartedAt })
      played.push(one)
      hooks.onPlayed?.(one)
    }
  }
  await Promise.all(Array.from({ length: target.atOnce }, work))
  waiting.push(...sequences.filter(({ stopsNodes }) => stopsNodes))
  await work()
  return played
}

async function playOne(
  sequence: Sequence,
  target: Target,
  { replaced = new Map(), onStep, runStartedAt }: PlayHooks & { runStartedAt: number },
): Promise<Played> {
  const startedAt = performance.now()
  const startMs = Math.floor((runStartedAt - BEFORE_NOW_MS) / 1000) * 1000
  const stem = sequence.id.replaceAll('/', '-')
  let broken: Error | null = null
  let abort = () => {}
  const transcript = new Transcript(
    normaliser({ prefix: target.prefix, startMs, runStartedAt, replaced }),
    (step, index) => {
      try {
        onStep?.(sequence, step, index)
      } catch (error) {
        broken ??= error as Error
        abort()
      }
    },
  )
  const { scene, close } = await openScene({
    addresses: parseBootstrap(target.bootstrap),
    timeoutMs: target.timeoutMs,
    prefix: `${target.prefix}${stem}-`,
    startMs,
    transcript,
    stopNode: target.stopNode,
  })
  abort = close
  // A script that waits for what never comes ends with its connections.
  const deadline = setTimeout(close, 2 * target.timeoutMs)
  let error: Error | null = null
  try {
    await sequence.play(scene)
  } catch (thrown) {
    error = thrown as Error
  } finally {
    clearTimeout(deadline)
    transcript.finish()
    close()
  }
  const durationMs = performance.now() - startedAt
  return { sequence, steps: transcript.steps, error: broken ?? error, durationMs }
}
