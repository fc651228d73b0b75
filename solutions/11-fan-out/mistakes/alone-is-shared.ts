// Wrong idea: a service that runs once hears of everything anyway, so one group for the service is enough.

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

export function planGroups(needs: Need[]): GroupPlan {
  const plan: GroupPlan = []
  for (const { service, copies, readers, commits } of needs) {
    const promised = commits === 'after-work' ? 'at-least-once' : 'at-most-once'
    const members: string[] = []
    for (let copy = 1; copy <= copies; copy++) members.push(`${service}-${copy}`)
    if (readers === 'share' || copies === 1) plan.push({ groupId: `${service}-group`, members, promised })
    else for (const member of members) plan.push({ groupId: `${member}-group`, members: [member], promised })
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
  const consumers: Consumer[] = []
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const count = (groupId: string) => Object.values(matrix[groupId] ?? {}).flat().length

  for (const { groupId, members } of plan) {
    matrix[groupId] = {}
    for (const member of members) {
      const row: Delivery[] = []
      matrix[groupId][member] = row
      const consumer = kafka.consumer({ groupId })
      consumers.push(consumer)
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ partition, message }) => {
          row.push({ partition, offset: message.offset })
          if (plan.every((group) => count(group.groupId) >= expect)) finish()
        },
      })
    }
  }
  await finished
  await Promise.all(consumers.map((consumer) => consumer.disconnect()))
  return matrix
}
