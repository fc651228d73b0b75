import type { Kafka } from 'kafkajs'

/** What a service asks of a topic. */
export interface Need {
  /** `inventory-service` */
  service: string
  /** How many copies of it run at the same time. */
  copies: number
  /** `share`: the copies share the work. `each`: every copy has to hear of every event. */
  readers: 'share' | 'each'
  /** When a copy commits: before it does its work for an event, or after it. */
  commits: 'before-work' | 'after-work'
}

/** How often the work for an event is done, whatever crashes. */
export type Promised = 'at-most-once' | 'at-least-once' | 'exactly-once'

export interface PlannedGroup {
  groupId: string
  /** The copies that are members of this group: `inventory-service-1`, `inventory-service-2`, ... */
  members: string[]
  promised: Promised
}

export type GroupPlan = PlannedGroup[]

/** Where a record lies. */
export interface Delivery {
  partition: number
  /** Decimal text, as everywhere in kafkajs. */
  offset: string
}

/** What each member of each group was handed: `matrix[groupId][member]`. Every member has a list, an idle one an empty one. */
export type DeliveryMatrix = Record<string, Record<string, Delivery[]>>

/** The groups, and their members, that give every service what it needs. The ids are the same whenever it is asked. */
export function planGroups(needs: Need[]): GroupPlan {
  throw new Error('TODO planGroups: who shares a group with whom?')
}

/**
 * Starts one consumer for every member of the plan. A group without commits reads the topic from its beginning, and
 * all commit. When every group has been handed `expect` records (its members together), stops them all, and resolves with
 * who was handed what.
 */
export async function fanOut(
  kafka: Kafka,
  topic: string,
  plan: GroupPlan,
  expect: number,
): Promise<DeliveryMatrix> {
  throw new Error('TODO fanOut: start the consumers, note what they are handed, stop them')
}
