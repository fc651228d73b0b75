import type { Clock } from './clock.ts'
import type { Settings } from './config-definition.ts'
import { Timer } from './timer.ts'
import type { Topic, Topics } from './topics.ts'

/**
 * Deletes and compacts old records by itself, as the settings of the topics say (Kafka's LogManager and LogCleaner): every
 * `log.retention.check.interval.ms`, and every `log.cleaner.backoff.ms` in compacted topics.
 */
export class LogManager {
  readonly #topics: Topics

  constructor(clock: Clock, settings: Settings, topics: Topics) {
    this.#topics = topics
    repeat(clock, Number(settings['log.retention.check.interval.ms']), () => this.#checkRetention())
    repeat(clock, Number(settings['log.cleaner.backoff.ms']), () => this.#clean())
  }

  /** Deletes now what retention does not keep any longer, in all topics. */
  applyRetention(): void {
    for (const { partitions } of this.#topics) for (const { log } of partitions) log.applyRetention()
  }

  /** Compacts now what may be compacted, in all topics, even where little is dirty. The active segments stay as they are. */
  compact(): void {
    for (const { partitions } of this.#topics) for (const { log } of partitions) log.compact()
  }

  #checkRetention(): void {
    for (const topic of this.#topics) {
      if (!isCompacted(topic)) for (const { log } of topic.partitions) log.applyRetention()
    }
  }

  /** Old segments of compacted topics are deleted here, too, behind the compaction (LogCleaner.cleanFilthiestLog). */
  #clean(): void {
    for (const topic of this.#topics) {
      if (!isCompacted(topic)) continue
      for (const { log } of topic.partitions) {
        log.compactIfDue()
        log.applyRetention()
      }
    }
  }
}

function isCompacted({ configs }: Topic): boolean {
  return configs.hasCleanupPolicy('compact')
}

function repeat(clock: Clock, everyMs: number, run: () => void): void {
  const timer = new Timer(clock)
  const next = () =>
    timer.set(everyMs, () => {
      run()
      next()
    })
  next()
}
