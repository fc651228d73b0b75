/** A named wrong idea, recognised by a check. */
export class Mistake extends Error {
  override name = 'Mistake'
  readonly id: string
  readonly sentence: string

  constructor(id: string, sentence: string) {
    super(`mistake ${id}: ${sentence}`)
    this.id = id
    this.sentence = sentence
  }
}

/**
 * Fails the check when the signs of a known wrong idea are `seen`. The sentence says what the idea gets wrong about
 * Kafka, and never how to mend it. Each id has exactly one call, and one file `solutions/NN-name/mistakes/<id>.ts`.
 */
export function mistake(id: string, seen: boolean, sentence: string): void {
  if (seen) throw new Mistake(id, sentence)
}
