// What the checks write, and the order in which they look at rows. Nothing to edit here.

import { vi } from 'vitest'
import { order } from '#bookstore'
import { checksFor, type TopicView } from '#workbook/check'
import type * as scenes from './consumer-lag.scenes.ts'
import type * as yours from './consumer-lag.ts'
import type { LagRow } from './consumer-lag.ts'

export const check = checksFor<{ scenes: typeof scenes; answer: typeof yours }>(import.meta.url, {
  deadlineMs: 20_000,
})

/** Some events for one partition. */
export function events(count: number, partition: number) {
  return Array.from({ length: count }, (_, index) => ({
    partition,
    value: JSON.stringify(order(`ORD-${partition}${index}`)),
  }))
}

export function byPartition(rows: LagRow[]): LagRow[] {
  return rows.toSorted((a, b) => a.partition - b.partition)
}

/** Two of them are further apart than a segment may be old. */
const SEGMENT_MS = 60_000
/** Kafka's cleaner looks for work every 15 seconds, when nobody has told it otherwise (`log.cleaner.backoff.ms`). */
const CLEANER_MS = 45_000

/**
 * Creates the topic, writes nine prices of the books A, B and C, and waits until compaction has left the last of each. What it
 * takes is from the middle: the first record stays.
 */
export async function writeCompactedPrices(topic: TopicView): Promise<void> {
  const config = {
    'cleanup.policy': 'compact',
    'segment.ms': String(SEGMENT_MS),
    'min.cleanable.dirty.ratio': '0.01',
  }
  await topic.create({ partitions: 1, config })
  const now = Date.now()
  const timestamp = now - 2 * SEGMENT_MS
  const last = (book: string) => ({ key: book, value: `last of ${book}` })
  const older = Array.from({ length: 6 }, () => ({ key: 'B', value: 'a price of B' }))
  await topic.append([last('A'), ...older, last('B')].map((price) => ({ ...price, timestamp })))
  // The newest segment is never compacted. This record begins it.
  await topic.append([{ ...last('C'), timestamp: now }])
  await vi.waitFor(
    async () => {
      const { length } = await topic.records()
      if (length > 3) throw new Error(`in ${CLEANER_MS / 1000} s the broker has not compacted a topic`)
    },
    { timeout: CLEANER_MS, interval: 100 },
  )
}
