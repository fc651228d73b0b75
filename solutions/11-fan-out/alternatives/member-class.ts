// Another right way: a member is an object that tells what it was handed; the group ids come from a table.

import { EventEmitter } from 'node:events'
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
  const groups = new Map<string, PlannedGroup>()
  for (const { service, copies, readers, commits } of needs) {
    for (let copy = copies; copy > 0; copy--) {
      const member = `${service}-${copy}`
      const groupId = readers === 'each' ? `${member}.group` : `${service}.group`
      const promised: Promised = commits === 'before-work' ? 'at-most-once' : 'at-least-once'
      const group = groups.get(groupId) ?? { groupId, members: [], promised }
      group.members.unshift(member)
      groups.set(groupId, group)
    }
  }
  return [...groups.values()]
}

class GroupMember extends EventEmitter {
  readonly name: string
  readonly groupId: string
  readonly deliveries: Delivery[] = []
  private readonly consumer: Consumer

  constructor(kafka: Kafka, groupId: string, name: string) {
    super()
    this.name = name
    this.groupId = groupId
    this.consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false })
  }

  start(topic: string): Promise<void> {
    return this.consumer
      .connect()
      .then(() => this.consumer.subscribe({ topic, fromBeginning: true }))
      .then(() =>
        this.consumer.run({
          autoCommitThreshold: 1,
          eachMessage: ({ partition, message: { offset } }) => {
            this.deliveries.push({ partition, offset })
            this.emit('delivery')
            return Promise.resolve()
          },
        }),
      )
  }

  stop(): Promise<void> {
    return this.consumer.stop().then(() => this.consumer.disconnect())
  }
}

export async function fanOut(
  kafka: Kafka,
  topic: string,
  plan: GroupPlan,
  expect: number,
): Promise<DeliveryMatrix> {
  const all = plan.flatMap(({ groupId, members }) =>
    members.map((name) => new GroupMember(kafka, groupId, name)),
  )
  const handed = (id: string) => all.flatMap(({ groupId, deliveries }) => (groupId === id ? deliveries : []))
  const complete = () => plan.every(({ groupId }) => handed(groupId).length >= expect)
  await new Promise<void>((resolve, reject) => {
    for (const member of all) {
      member.on('delivery', () => complete() && resolve())
      member.start(topic).catch(reject)
    }
  })
  await Promise.all(all.map((member) => member.stop()))
  return Object.fromEntries(
    plan.map(({ groupId }) => {
      const ofGroup = all.filter((member) => member.groupId === groupId)
      return [groupId, Object.fromEntries(ofGroup.map(({ name, deliveries }) => [name, deliveries]))]
    }),
  )
}
