// What the checks are made of: the lives of orders, and traces of their events. Nothing to edit here.

import { order } from '#bookstore'
import { checksFor } from '#workbook/check'
import type * as scenes from './judge-ordering.scenes.ts'
import type * as yours from './judge-ordering.ts'
import type { OrderingReport, Rule, Trace } from './judge-ordering.ts'

export const check = checksFor<{ scenes: typeof scenes; answer: typeof yours }>(import.meta.url, {
  deadlineMs: 15_000,
})

export const LIFE = ['OrderPlaced', 'OrderConfirmed', 'OrderShipped', 'OrderDelivered']
/** All events of some orders, each order by another user. */
export const lives = (...orderIds: string[]) =>
  orderIds.flatMap((id) => LIFE.map((type) => order(id, { type, userId: `USR-of-${id}` })))
export const idsOf = (events: { eventId: string }[]) => events.map(({ eventId }) => eventId)

export const orderIds = Array.from({ length: 9 }, (_, index) => `ORD-00${index + 1}`)

/** The n-th event of the bookstore: nothing is wrong with it, `given` says what is different. */
export const trace = (sequence: number, given: Partial<Trace> = {}): Trace => ({
  eventId: `EVT-${sequence}`,
  orderId: 'ORD-1',
  userId: 'USR-1',
  sequence,
  occurredAt: 1_000 * sequence,
  key: 'ORD-1',
  producer: 'shop',
  attempts: 1,
  partition: 0,
  offset: BigInt(sequence),
  handled: { from: 100 * sequence, to: 100 * sequence + 50 },
  ...given,
})
export const ofOrder2: Partial<Trace> = { orderId: 'ORD-2', key: 'ORD-2', userId: 'USR-2' }
export const within = (what: Rule['within']): Rule => ({ within: what, hotPercent: 100 })

/** `1>3 not-awaited`: the violations of a report, in any order of the answer. */
export const told = ({ violations }: OrderingReport) =>
  violations.map(({ first, second, cause }) => `${first}>${second} ${cause}`.replaceAll('EVT-', '')).sort()
