// What the checks are made of: plans in a short notation, and what is told of their outcomes. Nothing to edit here.

import { checksFor } from '#workbook/check'
import type * as scenes from './crash-points.scenes.ts'
import type * as yours from './crash-points.ts'
import type { DeliveryPlan, Outcome, Trouble } from './crash-points.ts'

export const check = checksFor<{ scenes: typeof scenes; answer: typeof yours }>(import.meta.url)

export type Producer = DeliveryPlan['producer']
export type Consumer = DeliveryPlan['consumer']

/** Nothing goes wrong here; `given` says what is different. */
export const plan = (given: Partial<DeliveryPlan> = {}): [DeliveryPlan] => [
  {
    events: ['EVT-1', 'EVT-2'],
    producer: { acks: 'all', retries: 0, idempotent: false },
    trouble: {},
    consumer: { commit: 'after-work', batch: 1 },
    crashes: [],
    ...given,
  },
]

/** One event, sent by this producer, with this trouble. */
export const sending = (producer: Partial<Producer>, ...trouble: Trouble[]) =>
  plan({
    events: ['EVT-1'],
    producer: { acks: 'all', retries: 0, idempotent: false, ...producer },
    trouble: { 'EVT-1': trouble },
  })

/** The same plan with a crash after 0, 1, 2, ... steps, up to `last`. */
export const crashing = (last: number, consumer: Consumer, events = ['EVT-1', 'EVT-2']) =>
  Array.from({ length: last + 1 }, (_, steps) => plan({ events, consumer, crashes: [steps] }))

/** `lost 1 2 · duplicated -`, in any order of the answer's lists; ids that stand twice are shown twice. */
export function told({ lost, duplicated }: Outcome): string {
  const list = (ids: string[]) => [...ids].sort().join(' ').replaceAll('EVT-', '') || '-'
  return `lost ${list(lost)} · duplicated ${list(duplicated)}`
}

export const NEITHER = 'lost - · duplicated -'
export const LOST = 'lost 1 · duplicated -'
export const DUPLICATED = 'lost - · duplicated 1'
