import type { Admin } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** Where a group shall begin to read. */
export type Target =
  | { kind: 'earliest' }
  | { kind: 'latest' }
  /** The first record that is stamped with this time or a later one, in milliseconds since 1970. */
  | { kind: 'timestamp'; timestamp: number }
  /** So many offsets on from the commit; back, when it is negative. */
  | { kind: 'shift'; by: number }

/** What would happen to one partition. Offsets are text, as in kafkajs. */
export interface ResetRow {
  partition: number
  /** The committed offset, or null when the group has none here. */
  committed: string | null
  /** The offset that is to be committed instead. */
  to: string
}

/** Says what would be set. Nothing is, until it is applied. */
export interface ResetPlan {
  group: string
  topic: string
  /** One for each partition of the topic. */
  rows: ResetRow[]
}

/** What the inventory service can do. It outlives the process. */
export interface Shop {
  /** How many copies are reserved for an order, or null when none ever were. */
  reserved(orderId: string): Promise<number | null>
  /** From now on, so many copies are reserved for it. */
  reserve(orderId: string, copies: number): Promise<void>
  /** Sends the reader a confirmation. */
  mail(orderId: string): Promise<void>
}

/** A dry run: asks where `group` stands in `topic` and where it would begin, and changes nothing. The admin is connected. */
export async function planReset(admin: Admin, group: string, topic: string, to: Target): Promise<ResetPlan> {
  throw new Error('TODO planReset: one row for each partition of the topic')
}

/** Commits what the plan says. Rejects when the group has members, or has moved since the plan was made. */
export async function applyReset(admin: Admin, plan: ResetPlan): Promise<void> {
  throw new Error('TODO applyReset: look again, then commit for the group')
}

/** Reserves the copies of an order and tells the reader. May be handed the same event again, years later. */
export async function handleOrder(event: BookEvent, shop: Shop): Promise<void> {
  throw new Error('TODO handleOrder: once or ten times, the shop looks the same')
}
