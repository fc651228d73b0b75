import type { Scene } from './scene.ts'

/** A script of requests whose answers must be the same on every broker. */
export interface Sequence {
  /** Stable: `produce/unknown-topic`. The part before the slash is the file's, in kebab case. */
  id: string
  /** One sentence: what Kafka does. */
  title: string
  play(scene: Scene): Promise<void>
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
): SequenceFile {
  const stem = name.replace(/^\d+-/, '')
  const sequences = Object.entries(plays).map(([id, [title, play]]) => ({ id: `${stem}/${id}`, title, play }))
  return { name, sequences }
}
