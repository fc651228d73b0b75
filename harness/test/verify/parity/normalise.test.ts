import { describe, expect, test } from 'vitest'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { normaliser, type Replaced } from '../../../verify/parity/normalise.ts'

const ONE = '0f8fad5b-d9cb-469f-a165-70867728950e'
const TWO = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const START = 1_700_000_000_000

function normalise() {
  const replaced: Replaced = new Map()
  const options = { prefix: 'run-1-', startMs: START, runStartedAt: Date.now(), replaced }
  return { plain: normaliser(options), replaced }
}

describe('the normaliser', () => {
  test('gives the same id the same token, and another id another one', () => {
    const { plain, replaced } = normalise()
    expect(plain({ memberId: `app-${ONE}`, leader: `app-${TWO}` }, 'JoinGroup')).toEqual({
      memberId: 'app-<member 1>',
      leader: 'app-<member 2>',
    })
    expect(plain({ memberId: `app-${TWO}` }, 'Heartbeat')).toEqual({ memberId: 'app-<member 2>' })
    expect(replaced.get('member')).toBe(3)
  })

  test('keeps what stands for no id', () => {
    const none = { producerId: -1n, leaderId: -1, port: -1, topicId: 'AAAAAAAAAAAAAAAAAAAAAA', sessionId: 0 }
    const { plain, replaced } = normalise()
    expect(plain(none, 'Metadata')).toEqual({ ...none, producerId: -1 })
    expect(replaced.size).toBe(0)
  })

  test('tells nodes apart in lists, in their order', () => {
    const { plain } = normalise()
    expect(plain({ nodeId: 7, replicaNodes: [9, 7] }, 'Metadata')).toEqual({
      nodeId: '<node 1>',
      replicaNodes: ['<node 2>', '<node 1>'],
    })
  })

  test("counts a sequence's own times from its start, hides those of the broker, and keeps all others", () => {
    const { plain } = normalise()
    expect(plain({ timestamp: BigInt(START + 5) }, 'ListOffsets')).toEqual({ timestamp: '<start + 5>' })
    expect(plain({ timestamp: BigInt(Date.now()) }, 'ListOffsets')).toEqual({ timestamp: '<now>' })
    expect(plain({ timestamp: 5n }, 'ListOffsets')).toEqual({ timestamp: 5 })
    expect(plain({ timestamp: -1n }, 'ListOffsets')).toEqual({ timestamp: -1 })
  })

  test('takes the name of the run out of texts, and nothing else', () => {
    const { plain, replaced } = normalise()
    expect(plain({ errorMessage: "The topic 'run-1-orders' is not run-2-orders" }, 'AlterConfigs')).toEqual({
      errorMessage: "The topic 'orders' is not run-2-orders",
    })
    expect([...replaced]).toEqual([['name', 1]])
  })

  test('leaves offsets, epochs, counts and error codes as they are; codes become names', () => {
    const { plain, replaced } = normalise()
    expect(plain({ errorCode: 6, offset: 3n, leaderEpoch: 2, sizes: [1, 2] }, 'Fetch')).toEqual({
      errorCode: 'NOT_LEADER_OR_FOLLOWER',
      offset: 3,
      leaderEpoch: 2,
      sizes: [1, 2],
    })
    expect(replaced.size).toBe(0)
  })

  test('shows every field of record batches', () => {
    const { plain } = normalise()
    const written = { timestamp: BigInt(START), key: null, value: Buffer.from('v'), headers: [] }
    const [batch] = (
      plain({ records: writeBatch({ records: [written], baseOffset: 4n }) }, 'Fetch') as {
        records: Record<string, unknown>[]
      }
    ).records
    expect(batch).toMatchObject({ baseOffset: 4, isIntact: true, maxTimestamp: '<start + 0>' })
    expect(batch?.records).toEqual([
      { offset: 4, timestamp: '<start + 0>', key: null, value: 'v', headers: [] },
    ])
  })

  test('sorts a list that has no order in Kafka, whatever its ids are, and no other list', () => {
    const left = { memberId: `app-${ONE}`, memberAssignment: Buffer.from('left') }
    const right = { memberId: `app-${TWO}`, memberAssignment: Buffer.from('right') }
    const members = (...rows: object[]) => normalise().plain({ members: rows }, 'DescribeGroups')
    expect(members(right, left)).toEqual(members(left, right))
    const leaving = (...rows: object[]) => normalise().plain({ members: rows }, 'LeaveGroup')
    expect(leaving(right, left)).not.toEqual(leaving(left, right))
  })
})
