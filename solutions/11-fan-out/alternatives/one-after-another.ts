// Another right way: members join one after another, commits are made by hand, and a counter tells when it is over.

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
    if (readers === 'share') plan.push({ groupId: service, members, promised })
    else for (const member of members) plan.push({ groupId: member, members: [member], promised })
  }
  return plan
}

interface Started {
  consumer: Consumer
  row: Delivery[]
}

export async function fanOut(
  kafka: Kafka,
  topic: string,
  plan: GroupPlan,
  expect: number,
): Promise<DeliveryMatrix> {
  const seats = plan.flatMap(({ groupId, members }) => members.map((member) => ({ groupId, member })))
  const missing = new Map(plan.map(({ groupId }) => [groupId, expect]))
  let finish = () => {}
  const over = new Promise<void>((resolve) => {
    finish = resolve
  })
  const started: Started[] = []

  for (const { groupId } of seats) {
    const row: Delivery[] = []
    const consumer = kafka.consumer({ groupId })
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        row.push({ partition, offset: message.offset })
        const offset = (BigInt(message.offset) + 1n).toString()
        await consumer.commitOffsets([{ topic, partition, offset }])
        missing.set(groupId, (missing.get(groupId) ?? 0) - 1)
        if ([...missing.values()].every((left) => left <= 0)) finish()
      },
    })
    started.push({ consumer, row })
  }
  await over
  for (const { consumer } of started) await consumer.disconnect()

  const matrix: DeliveryMatrix = {}
  seats.forEach(({ groupId, member }, index) => {
    matrix[groupId] = { ...matrix[groupId], [member]: started[index]?.row ?? [] }
  })
  return matrix
}
