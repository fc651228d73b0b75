import type { Kafka } from 'kafkajs'
import type { Pause } from './pauses.ts'

/**
 * What a scene gets. A scene is a small ordinary program that uses the answer with the real kafkajs and returns plain
 * data. Two scenes at the same time are two processes. Names are fresh for every check, so nothing is left over from another run.
 */
export interface Stage<Given = undefined> {
  /** A kafkajs client of the broker in force. The scenes of a pure exercise have no broker, and leave it alone. */
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
  /**
   * Starts another scene of this file in a process of its own, with the same topic and group: a member that can be
   * killed. Plain data only in `given`. It is ended with this scene.
   */
  spawn(scene: string, given?: unknown): Spawned
}

/** A scene that another scene started. What a check is to its scene, a scene is to those that it spawns. */
export interface Spawned {
  /** Holds it at its next arrival at `label`, or at its `nth` (from 1). Rejects when it is over before that. */
  paused(label: string, nth?: number): Promise<Pause>
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>
  /** What it returned, undefined when it was killed; rejects when it threw or ended in another way. */
  ended(): Promise<unknown>
}

/** The type of what a scene wants as `given`. */
export type GivenOf<Scene> = Scene extends (stage: Stage<infer Given>) => unknown ? Given : never
