import type { MomentKind } from './moments.ts'

/** What is told of a demo before it runs. Its programs are the scenes in the same file; the one that begins is `shop`. */
export interface Demo {
  /** `same-key`, as on the command line. */
  name: string
  title: string
  /** What a class should look at, in a sentence or two. */
  lookAt: string
  /** Numbers of the exercises that it goes with. */
  exercises: readonly string[]
  partitions: number
  /** How many brokers it needs; with 3, one of them will be stopped. */
  nodes: 1 | 3
  /** What of the wire is shown as it happens. */
  shows: readonly MomentKind[]
  /** Charts at the end. */
  charts: readonly ('owners' | 'lag')[]
}
