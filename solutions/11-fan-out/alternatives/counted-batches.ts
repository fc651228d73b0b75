// Another right way: whole batches are noted, several partitions at a time, and each group counts down for itself.

import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'

export interface Need {
  service: string
  copies: number
  readers: 'share' | 'each'
  commits: 'before-work' | 'after-work'
}

export type Promised = 'at-most-once' | 'at-least-once' | 'exactly-once'

export interface PlannedGroup {
  groupId: string
  members: string[]
  promised: Promised
}

export type GroupPlan = PlannedGroup[]

export interface Delivery {
  partition: number
  offset: string
}

export type DeliveryMatrix = Record<string, Record<string, Delivery[]>>

export function planGroups(needs: Need[]): GroupPlan {
  const alone = needs.filter(({ readers }) => readers === 'each')
  const together = needs.filter(({ readers }) => readers === 'share')
  return [
    ...together.map((need) => groupOf(need.service, membersOf(need).reverse(), need)),
    ...alone.flatMap((need) => membersOf(need).map((member) => groupOf(member, [member], need))),
  ]
}

function membersOf({ service, copies }: Need): string[] {
  return Array.from({ length: copies }, (_, index) => `${service}-${index + 1}`)
}

function groupOf(name: string, members: string[], { commits }: Need): PlannedGroup {
  return {
    groupId: `readers of ${name}`,
    members,
    promised: commits === 'before-work' ? 'at-most-once' : 'at-least-once',
  }
}

export function fanOut(
  kafka: Kafka,
  topic: string,
  plan: GroupPlan,
  expect: number,
): Promise<DeliveryMatrix> {
  return new Promise((resolve, reject) => {
    const matrix: DeliveryMatrix = {}
    const consumers: Consumer[] = []
    const finish = () =>
      Promise.all(consumers.map((one) => one.disconnect())).then(() => resolve(matrix), reject)
    let unfinished = plan.length
    for (const { groupId, members } of plan) {
      let missing = expect
      const rows: Record<string, Delivery[]> = {}
      matrix[groupId] = rows
      for (const member of members) {
        const row: Delivery[] = []
        rows[member] = row
        const consumer = kafka.consumer({ groupId, sessionTimeout: 8000 })
        consumers.push(consumer)
        const eachBatch = async ({ batch: { partition, messages } }: EachBatchPayload) => {
          row.push(...messages.map(({ offset }) => ({ partition, offset })))
          const before = missing
          missing -= messages.length
          // Not from in here: a consumer cannot be stopped while it waits for this function.
          if (before > 0 && missing <= 0 && --unfinished === 0) setImmediate(finish)
        }
        consumer
          .connect()
          .then(() => consumer.subscribe({ topics: [topic], fromBeginning: true }))
          .then(() => consumer.run({ partitionsConsumedConcurrently: 3, eachBatch }))
          .catch(reject)
      }
    }
  })
}
