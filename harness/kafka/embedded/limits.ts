import type { Settings } from './config-definition.ts'
import { Refusal } from './refusal.ts'

/** What a broker keeps, or is asked to keep beside it. */
interface Amount {
  topics: number
  partitions: number
}

/**
 * What one broker keeps at most. Kafka has no such limits of its own: an operator's policy may refuse topics
 * (`create.topic.policy.class.name`), which clients see as POLICY_VIOLATION, and so they do here.
 */
export function checkRoomFor(added: Amount, kept: Amount, settings: Settings): void {
  for (const what of ['topics', 'partitions'] as const) {
    const most = Number(settings[`workbook.max.${what}`])
    if (kept[what] + added[what] <= most) continue
    throw new Refusal('POLICY_VIOLATION', `This broker keeps ${most} ${what} at most (workbook.max.${what}).`)
  }
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
