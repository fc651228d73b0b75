import { Refusal } from './refusal.ts'
import type { State } from './state.ts'

/**
 * What one broker keeps at most. Kafka has no such limits of its own: an operator's policy may refuse topics
 * (`create.topic.policy.class.name`), which clients see as POLICY_VIOLATION, and so they do here.
 */
export function checkRoomFor(
  { topics, settings }: State,
  added: { topics: number; partitions: number },
): void {
  check('topics', topics.count + added.topics, Number(settings['workbook.max.topics']))
  check('partitions', topics.partitionCount + added.partitions, Number(settings['workbook.max.partitions']))
}

function check(what: string, wanted: number, most: number): void {
  if (wanted <= most) return
  throw new Refusal('POLICY_VIOLATION', `This broker keeps ${most} ${what} at most (workbook.max.${what}).`)
}

/** The room for all logs of a broker, in bytes (`workbook.max.log.bytes`). */
export class LogSpace {
  readonly #maxBytes: number
  #usedBytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Refuses as a Kafka whose disk is full, and whose log directory is offline then: clients may try again. */
  checkRoomFor(bytes: number): void {
    if (this.#usedBytes + bytes > this.#maxBytes) throw new Refusal('KAFKA_STORAGE_ERROR')
  }

  take(bytes: number): void {
    this.#usedBytes += bytes
  }

  release(bytes: number): void {
    this.#usedBytes -= bytes
  }
}
