import { order } from '#bookstore'
import type { ResetPlan } from './reset-offsets.ts'

/** Requests that leave everything as it is. */
export const READING = [
  ...['ApiVersions', 'Metadata', 'DescribeCluster', 'DescribeConfigs', 'FindCoordinator', 'ListGroups'],
  ...['DescribeGroups', 'OffsetFetch', 'ListOffsets', 'OffsetForLeaderEpoch', 'Fetch'],
]

/** Some events for one partition. */
export function events(count: number, partition: number) {
  return stamped(
    partition,
    Array.from({ length: count }, (_, index) => index),
  )
}

/** Events for one partition, stamped with noon of these days. */
export function stamped(partition: number, days: number[]) {
  return days.map((one, index) => ({
    partition,
    timestamp: day(one),
    value: JSON.stringify(order(`ORD-${partition}${index}`)),
  }))
}

/** Noon of a day in March, in milliseconds since 1970. */
export function day(number: number): number {
  return Date.UTC(2026, 2, number, 12)
}

/** The rows of a plan, in the order of the partitions. */
export function rowsOf(plan: ResetPlan | undefined) {
  return (plan?.rows ?? []).toSorted((a, b) => a.partition - b.partition)
}

/** The offsets of a plan, in the order of the partitions. */
export function targets(plan: ResetPlan | undefined): string[] {
  return rowsOf(plan).map(({ to }) => to)
}
