// What the checks are made of: orders, and the rows that services keep of them. Nothing to edit here.

import { expect } from 'vitest'
import { type BookEvent, order } from '#bookstore'
import { checksFor } from '#workbook/check'
import type * as scenes from './bookstore.scenes.ts'

export const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, {
  deadlineMs: 60_000,
  partitions: 4,
})

export type Rows = Record<string, string>

const { isbn } = order('any').data
export const STOCK = `stock:${isbn}`
export const SOLD = `sold:${isbn}`
export const LIFECYCLE = ['OrderPlaced', 'OrderConfirmed', 'OrderShipped', 'OrderDelivered']

export function bookOrder(
  orderId: string,
  { qty, userId = 'USR-7' }: { qty: number; userId?: string },
): BookEvent {
  return order(orderId, { userId, data: { isbn, qty } })
}

/** Fails the check for a value that is no event. */
export function eventIn({ value }: { value: string | null }): BookEvent {
  try {
    return JSON.parse(value ?? 'nothing')
  } catch {
    return expect.fail(`the value of a record should be an event as JSON, and is ${value}`)
  }
}

export function statusOf({ orderId }: BookEvent): string {
  return `status:${orderId}`
}

/** The rows of the order service for orders that all have one status. */
export function statuses(status: string, orders: BookEvent[]): Rows {
  return Object.fromEntries(orders.map((one) => [statusOf(one), status]))
}

export function byOrder(one: { orderId: string }, other: { orderId: string }): number {
  return one.orderId < other.orderId ? -1 : 1
}
