// What the checks share: a service with its orders and invoices, and the moments at which it can be held. Nothing to edit here.

import { vi } from 'vitest'
import { order } from '#bookstore'
import { checksFor, type Playing } from '#workbook/check'
import type * as scenes from './exactly-once.scenes.ts'

export const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, { deadlineMs: 20_000 })

export type Fixtures = Parameters<Parameters<typeof check>[3]>[0]
type Moment = 'sent' | 'committing' | 'answered'
type Run = NonNullable<Parameters<Fixtures['play']['transfer']>[0]>

/** For a run that nobody kills: its group shall not give it up, however slow the machine is. */
export const PATIENT = { sessionTimeout: 30_000 }

/** So many orders in each partition, ORD-00 is the first one of partition 0, and no invoices yet. */
export async function openShop(fixtures: Fixtures, counts: number[]) {
  const { play, topic, topicNamed, group, sessionTimeoutMs: sessionTimeout } = fixtures
  const invoices = topicNamed(`${topic.name}-invoices`)
  await invoices.create({ partitions: 3 })
  const placed = counts.flatMap((count, partition) =>
    Array.from({ length: count }, (_, index) => ({ partition, id: `ORD-${partition}${index}` })),
  )
  await topic.append(placed.map(({ partition, id }) => ({ partition, value: eventOf(id) })))

  const transfer = (run: Run) => play.transfer({ sessionTimeout, ...run })
  /** Orders that the group has left behind. */
  const done = async () =>
    Object.values(await group.committed()).reduce((sum, offset) => sum + Number(offset ?? 0), 0)
  /** Runs the service for the orders that its group has left, once a dead member is given up. */
  const finish = async () => {
    await vi.waitUntil(async () => (await group.members()).length === 0, { timeout: 60_000, interval: 20 })
    const left = placed.length - (await done())
    if (left > 0) await transfer({ max: left })
  }
  /** Kills the service at a moment of its first transaction, and runs it anew: what do readers see in the end? */
  const crashAt = async (moment: Moment) => {
    const first = transfer({ max: placed.length })
    await arrivalAt(moment, first)
    await first.kill()
    await finish()
    return play.readers()
  }
  const orders = placed.map(({ id }) => id)
  return { invoices, orders, transfer, done, finish, crashAt, seen: () => play.readers() }
}

/** Holds the service at a moment of the first transaction into which it has sent something. */
export async function arrivalAt(moment: Moment, service: Playing<unknown>) {
  const sent = await service.paused('sent')
  if (moment === 'sent') return sent
  const arrival = service.paused(moment)
  sent.go()
  return arrival
}

export function eventOf(orderId: string) {
  return JSON.stringify(order(orderId))
}

export function hasTwice(orders: string[]) {
  return new Set(orders).size < orders.length
}
