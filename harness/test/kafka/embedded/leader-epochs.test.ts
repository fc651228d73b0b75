import { describe, expect, it } from 'vitest'
import { fenceNode } from '../../../kafka/embedded/failover.ts'
import { LeaderEpochs } from '../../../kafka/embedded/leader-epochs.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { OffsetForLeaderEpoch } from '../../../kafka/protocol/api/23-offset-for-leader-epoch.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { clusterWithoutSockets, inMemoryClient } from './in-memory-client.ts'
import { newTopic, produceTo, record } from './requests.ts'

describe('the epochs of a log', () => {
  /** Leaders of the epochs 0, 2 and 5 wrote from 0, 10 and 20 on; the log ends at 30. */
  function epochs(): LeaderEpochs {
    const known = new LeaderEpochs()
    known.begin(0, 0n)
    known.begin(2, 10n)
    known.begin(5, 20n)
    return known
  }

  it.each([
    [0, 0, 10n],
    [1, 0, 10n],
    [2, 2, 20n],
    [4, 2, 20n],
    [5, 5, 30n],
    [6, -1, -1n],
    [-1, -1, -1n],
  ])('asked for %i know %i up to %i', (epoch, leaderEpoch, endOffset) => {
    expect(epochs().endOf(epoch, 30n)).toEqual({ leaderEpoch, endOffset })
  })

  it('forget a leader that wrote nothing', () => {
    const known = epochs()
    known.begin(7, 20n)
    expect(known.endOf(5, 30n)).toEqual({ leaderEpoch: 2, endOffset: 20n })
  })

  it('move with the start of the log', () => {
    const known = epochs()
    known.forgetBefore(15n)
    expect(known.endOf(2, 30n)).toEqual({ leaderEpoch: 2, endOffset: 20n })
    expect(known.endOf(0, 30n)).toEqual({ leaderEpoch: 0, endOffset: 15n })
    expect(known.earliestAt(15n)).toBe(2)
  })
})

describe('OffsetForLeaderEpoch', () => {
  async function scene() {
    const state = clusterWithoutSockets({ nodes: 2 })
    const clients = [inMemoryClient(state, 1), inMemoryClient(state, 2)] as const
    const topics = [newTopic('t', { replicationFactor: 2 })]
    await clients[0].call(CreateTopics, 4, { topics, timeoutMs: 1000, validateOnly: false })
    const send = (node: 0 | 1) =>
      clients[node].call(Produce, 8, produceTo('t', writeBatch({ records: [record(null)] })))
    async function endOf(node: 0 | 1, leaderEpoch: number, currentLeaderEpoch = -1, topic = 't') {
      const partitions = [{ partition: 0, currentLeaderEpoch, leaderEpoch }]
      const body = { replicaId: -1, topics: [{ topic, partitions }] }
      const answer = await clients[node].call(OffsetForLeaderEpoch, 3, body)
      const { errorCode, ...end } = answer.topics[0]?.partitions[0] ?? { errorCode: -1 }
      return { error: errorName(errorCode), ...end }
    }
    return { state, clients, send, endOf }
  }

  it('says where the records of a leader end', async () => {
    const { state, clients, send, endOf } = await scene()
    await send(0)
    await send(0)
    fenceNode(state, 1)
    await send(1)
    expect(await endOf(1, 0)).toEqual({ error: 'NONE', partition: 0, leaderEpoch: 0, endOffset: 2n })
    expect(await endOf(1, 1)).toEqual({ error: 'NONE', partition: 0, leaderEpoch: 1, endOffset: 3n })
    const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: 0n }]
    const listed = await clients[1].call(ListOffsets, 5, {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: 't', partitions }],
    })
    expect(listed.topics[0]?.partitions[0]).toMatchObject({ offset: 0n, leaderEpoch: 0 })
  })

  it('is refused with the errors of the leader', async () => {
    const { state, endOf } = await scene()
    expect((await endOf(1, 0)).error).toBe('NOT_LEADER_OR_FOLLOWER')
    expect((await endOf(0, 0, -1, 'missing')).error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect((await endOf(0, 0, 1)).error).toBe('UNKNOWN_LEADER_EPOCH')
    fenceNode(state, 1)
    expect(await endOf(1, 0, 0)).toEqual({
      error: 'FENCED_LEADER_EPOCH',
      partition: 0,
      leaderEpoch: -1,
      endOffset: -1n,
    })
  })
})
