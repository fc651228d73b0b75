import type { Exchange } from '../kafka/wiretap/journal.ts'

/** A named wrong idea, recognised by a check. */
export class Mistake extends Error {
  override name = 'Mistake'
  readonly id: string
  readonly sentence: string
  /** The exchange that shows it; the wire strip marks its line. */
  readonly seenIn: Exchange | undefined

  constructor(id: string, sentence: string, seenIn: Exchange | undefined) {
    super(`mistake ${id}: ${sentence}`)
    this.id = id
    this.sentence = sentence
    this.seenIn = seenIn
  }
}

/**
 * Fails the check when the signs of a known wrong idea are `seen`. The sentence says what the idea gets wrong about
 * Kafka, and never how to mend it. Each id has exactly one call, and one file `solutions/NN-name/mistakes/<id>.ts`.
 * `seenIn` is the exchange on the wire that shows it, where there is one: its line is marked in the wire strip.
 */
export function mistake(id: string, seen: boolean, sentence: string, seenIn?: Exchange): void {
  if (seen) throw new Mistake(id, sentence, seenIn)
}
