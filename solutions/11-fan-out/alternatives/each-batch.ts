// Another right way: eachBatch, and every group stops as soon as it has its records.

import type { Consumer, Kafka } from 'kafkajs'

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

function groupsOf({ service, copies, readers }: Need): Pick<PlannedGroup, 'groupId' | 'members'>[] {
  const members = [...Array(copies).keys()].map((index) => `${service}-${index + 1}`)
  switch (readers) {
    case 'share':
      return [{ groupId: `share:${service}`, members }]
    case 'each':
      return members.map((member) => ({ groupId: `each:${member}`, members: [member] }))
  }
}

const promises = { 'after-work': 'at-least-once', 'before-work': 'at-most-once' } as const

export function planGroups(needs: Need[]): GroupPlan {
  return needs.flatMap((need) =>
    groupsOf(need).map((group) => ({ ...group, promised: promises[need.commits] })),
  )
}

export async function fanOut(
  kafka: Kafka,
  topic: string,
  plan: GroupPlan,
  expect: number,
): Promise<DeliveryMatrix> {
  const rows = await Promise.all(plan.map((group) => readAsGroup(kafka, topic, group, expect)))
  return Object.fromEntries(plan.map(({ groupId }, index) => [groupId, rows[index] ?? {}]))
}

function readAsGroup(
  kafka: Kafka,
  topic: string,
  { groupId, members }: PlannedGroup,
  expect: number,
): Promise<Record<string, Delivery[]>> {
  const consumers = members.map((member) => ({ member, consumer: kafka.consumer({ groupId }) }))
  const rows: Record<string, Delivery[]> = Object.fromEntries(members.map((member) => [member, []]))
  let left = expect
  return new Promise((resolve, reject) => {
    const stopAll = async () => {
      for (const { consumer } of consumers) await consumer.stop()
      for (const { consumer } of consumers) await consumer.disconnect()
      resolve(rows)
    }
    const start = async (member: string, consumer: Consumer) => {
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await consumer.run({
        eachBatchAutoResolve: false,
        eachBatch: async ({
          batch: { partition, messages },
          resolveOffset,
          heartbeat,
          commitOffsetsIfNecessary,
          uncommittedOffsets,
        }) => {
          for (const { offset } of messages) {
            rows[member]?.push({ partition, offset })
            resolveOffset(offset)
            left -= 1
            await heartbeat()
          }
          await commitOffsetsIfNecessary(uncommittedOffsets())
          // Not awaited: stop() waits for this very function.
          if (left === 0) stopAll().catch(reject)
        },
      })
    }
    for (const { member, consumer } of consumers) start(member, consumer).catch(reject)
  })
}
