import type { Kafka } from 'kafkajs'

/**
 * What a scene gets. A scene is a small ordinary program that uses the answer with the real kafkajs and returns plain
 * data. Two scenes at the same time are two processes. Names are fresh for every check, so nothing is left over from another run.
 */
export interface Stage<Given = undefined> {
  /** A kafkajs client of the broker in force. */
  kafka: Kafka
  /** The name of this check's topic; it exists when the scene starts, unless the checks say `partitions: 0`. */
  topic: string
  /** A consumer group id of this check's own. */
  group: string
  /** A transactional id of this check's own. */
  transactionalId: string
  /** What the check handed over; undefined when a learner plays the scene, so scenes give it a default. */
  given?: Given
  /**
   * A moment that a check may hold: the scene waits here when the check asked for this arrival, else it goes straight on.
   * A check can also make it throw, for instance to let a handler fail. `detail` is handed to the check.
   */
  pauseAt(label: string, detail?: unknown): Promise<void>
}

/** The type of what a scene wants as `given`. */
export type GivenOf<Scene> = Scene extends (stage: Stage<infer Given>) => unknown ? Given : never
