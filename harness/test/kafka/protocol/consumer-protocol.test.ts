import { AssignerProtocol } from 'kafkajs'
import { expect, test } from 'vitest'
import { readAssignment, subscribedTopics } from '../../../kafka/protocol/consumer-protocol.ts'

const { MemberAssignment, MemberMetadata } = AssignerProtocol

test('what kafkajs writes is read', () => {
  const userData = Buffer.from('more')
  const assignment = MemberAssignment.encode({
    version: 0,
    assignment: { orders: [0, 2], payments: [1] },
    userData,
  })
  expect(readAssignment(assignment)).toEqual([
    { topic: 'orders', partitions: [0, 2] },
    { topic: 'payments', partitions: [1] },
  ])
  const metadata = MemberMetadata.encode({ version: 1, topics: ['orders', 'payments'], userData })
  expect(subscribedTopics(metadata)).toEqual(['orders', 'payments'])
})

test('what later versions add to a subscription does not matter', () => {
  const topics = '00000001 0001 61'
  const owned = '00000001 0001 61 00000002 00000000 00000003'
  const bytes = Buffer.from(`0001 ${topics} ffffffff ${owned}`.replaceAll(' ', ''), 'hex')
  expect(subscribedTopics(bytes)).toEqual(['a'])
})

test('no bytes are no partitions; other bytes are nothing that can be read', () => {
  expect(readAssignment(Buffer.alloc(0))).toEqual([])
  expect(readAssignment(Buffer.from('connect'))).toBeNull()
  expect(subscribedTopics(Buffer.alloc(1))).toBeNull()
})
