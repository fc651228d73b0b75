import { judgeDifferences } from './allowed.ts'
import { startOurs } from './brokers.ts'
import { compareStep } from './compare.ts'
import { apisIn, type Transcripts } from './coverage.ts'
import { ALWAYS_EMPTY, allMutants, IN_REVERSE, type Mutant } from './mutants.ts'
import { playAll } from './run.ts'
import { byNodes, type Sequence } from './sequence.ts'

/** What became of all mutants. */
export interface MutationRun {
  mutants: number
  killed: number
  /** Those that no sequence noticed. */
  survivors: string[]
  /** Had nothing to change: lists without two items in reverse, and lists that are always empty. They do not count. */
  unchanged: string[]
}

/** What a changed broker keeps waiting has noticed the change. */
const TIMEOUT_MS = 4000
const AT_ONCE = 8

/**
 * Changes the answers of one handler at a time and plays the sequences that use it, the quick ones first, until one of them
 * differs from what was recorded. `durations` are those of a run that went well, in milliseconds by the sequence's id.
 */
export async function runMutants(
  sequences: readonly Sequence[],
  recorded: Transcripts,
  durations: ReadonlyMap<string, number>,
  onMutant: (mutant: Mutant) => void,
): Promise<MutationRun> {
  const quickFirst = [...sequences].sort((a, b) => (durations.get(a.id) ?? 0) - (durations.get(b.id) ?? 0))
  const using = new Map<string, Sequence[]>()
  for (const sequence of quickFirst) {
    for (const api of apisIn(recorded.get(sequence.id) ?? [])) {
      using.set(api, [...(using.get(api) ?? []), sequence])
    }
  }
  const mutants = allMutants().filter(({ api }) => using.has(api))
  const survivors: string[] = []
  const unchanged: string[] = []
  for (const mutant of mutants) {
    onMutant(mutant)
    const isKilled = await noticed(mutant, using.get(mutant.api) ?? [], recorded)
    const isShort = mayBeIdle(mutant) && !mutant.hasChanged()
    if (!isKilled) (isShort ? unchanged : survivors).push(`${mutant.api}: ${mutant.name}`)
  }
  const count = mutants.length - unchanged.length
  return { mutants: count, killed: count - survivors.length, survivors, unchanged }
}

function mayBeIdle({ api, name }: Mutant): boolean {
  return name.endsWith(IN_REVERSE) || ALWAYS_EMPTY.has(api)
}

/** Whether one of the sequences shows that the broker is changed. */
export async function noticed(
  mutant: Mutant,
  sequences: readonly Sequence[],
  recorded: Transcripts,
): Promise<boolean> {
  for (const [nodes, some] of byNodes(sequences)) {
    if (await isNoticedBy(mutant, nodes, some, recorded)) return true
  }
  return false
}

async function isNoticedBy(
  { handlers }: Mutant,
  nodes: number,
  sequences: readonly Sequence[],
  recorded: Transcripts,
): Promise<boolean> {
  const broker = await startOurs({ nodes, handlers, timeoutMs: TIMEOUT_MS, atOnce: AT_ONCE })
  let isKilled = false
  try {
    await playAll(sequences, broker.target, {
      isOver: () => isKilled,
      onStep({ id }, step, index) {
        const found = compareStep(id, index, step, recorded.get(id)?.[index])
        isKilled ||= judgeDifferences(found).left.length > 0
        if (isKilled) throw new Error('noticed')
      },
      onPlayed({ error }) {
        isKilled ||= error !== null
      },
    })
  } finally {
    await broker.stop()
  }
  return isKilled
}
