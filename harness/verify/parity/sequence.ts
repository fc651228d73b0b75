import type { Scene } from './scene.ts'

/** A script of requests whose answers must be the same on every broker. */
export interface Sequence extends Surroundings {
  /** Stable: `produce/unknown-topic`. The part before the slash is the file's name without its number. */
  id: string
  /** One sentence: what Kafka does. */
  title: string
  play(scene: Scene): Promise<void>
}

/** What a sequence needs. */
interface Surroundings {
  /** How many nodes the cluster has. */
  nodes: number
  /** Whether it stops nodes, so that all other sequences of its cluster have to come before it. */
  stopsNodes: boolean
}

/** The sequences of one file. */
export interface SequenceFile {
  /** The file's name without `.ts`, which its recording has, too: `00-produce`. */
  name: string
  sequences: readonly Sequence[]
}

/** Gathers the sequences of one file; their ids get the file's name without its number in front. */
export function sequencesOf(
  name: string,
  plays: Record<string, readonly [title: string, play: (scene: Scene) => Promise<void>]>,
  { nodes = 1, stopsNodes = false }: Partial<Surroundings> = {},
): SequenceFile {
  const stem = name.replace(/^\d+-/, '')
  const sequences = Object.entries(plays).map(([id, [title, play]]) => ({
    id: `${stem}/${id}`,
    title,
    play,
    nodes,
    stopsNodes,
  }))
  return { name, sequences }
}

/** Sequences by the size of the cluster that they need, the smallest first. */
export function byNodes(sequences: readonly Sequence[]): [nodes: number, sequences: Sequence[]][] {
  const sizes = [...new Set(sequences.map(({ nodes }) => nodes))].sort()
  return sizes.map((size) => [size, sequences.filter(({ nodes }) => nodes === size)])
}
