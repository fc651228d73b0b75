// Wrong idea: one connection is enough: read every record once, and hand it to all groups.

import type { EachMessagePayload, Kafka } from 'kafkajs'

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
  const plan: GroupPlan = []
  for (const { service, copies, readers, commits } of needs) {
    const promised = commits === 'after-work' ? 'at-least-once' : 'at-most-once'
    const members: string[] = []
    for (let copy = 1; copy <= copies; copy++) members.push(`${service}-${copy}`)
    if (readers === 'share') plan.push({ groupId: service, members, promised })
    else for (const member of members) plan.push({ groupId: member, members: [member], promised })
  }
  return plan
}

export async function fanOut(
  kafka: Kafka,
  topic: string,
  plan: GroupPlan,
  expect: number,
): Promise<DeliveryMatrix> {
  const matrix: DeliveryMatrix = {}
  for (const { groupId, members } of plan) {
    matrix[groupId] = Object.fromEntries(members.map((member) => [member, []]))
  }
  const consumer = kafka.consumer({ groupId: plan[0]?.groupId ?? topic })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  let handled = 0
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ partition, message }: EachMessagePayload) => {
      for (const { groupId, members } of plan) {
        const member = members[handled % members.length] ?? ''
        matrix[groupId]?.[member]?.push({ partition, offset: message.offset })
      }
      handled += 1
      if (handled >= expect) resolve()
    }
    consumer.run({ eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  return matrix
}
