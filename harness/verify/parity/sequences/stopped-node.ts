import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { fetch, fetchPartition, listOffset, metadata, produce, record } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { anyController } from './nodes.ts'

export const stoppedNodeSequences = sequencesOf(
  'stopped-node',
  {
    'leaders-move': [
      'When a node stops, leaders move and epochs grow; too few in-sync replicas refuse acks=all; what only it had has no leader.',
      async (scene) => {
        const shared = await scene.topic('shared', {
          placed: [[3, 1, 2]],
          configs: { 'min.insync.replicas': '3' },
        })
        const alone = await scene.topic('alone', { placed: [[3]] })
        await scene.stopNode(3)
        const both = metadata([shared, alone])
        const moved = await scene.peer.quietlyUntil(Metadata, 8, both, ({ topics, brokers }) => {
          const led = topics.map(({ partitions }) => partitions[0]?.leaderId)
          return brokers.length === 2 && !led.includes(3)
        })
        scene.note('Metadata v8', anyController(moved))
        const topics = moved.topics.filter(({ name }) => name === shared)
        const leader = await scene.connect({ node: topics[0]?.partitions[0]?.leaderId ?? 1 })
        const records = writeBatch({ records: [record(scene.time(0))] })
        const isLed = (answer: { errorCode?: number } | undefined) => answer?.errorCode !== 6
        const sent = produce(shared, records)
        await leader.until(Produce, 8, sent, ({ responses }) => isLed(responses[0]?.partitionResponses[0]))
        await leader.ask(Produce, 8, produce(shared, records, { acks: 1 }))
        for (const currentLeaderEpoch of [0, 1, 7]) {
          await leader.ask(Fetch, 11, fetch(shared, [fetchPartition(0n, { currentLeaderEpoch })]))
          await leader.ask(ListOffsets, 5, listOffset(shared, -2n, { currentLeaderEpoch }))
        }
        await scene.peer.ask(Metadata, 0, metadata([shared], { allowAutoTopicCreation: true }))
        await scene.peer.ask(Metadata, 0, metadata([alone], { allowAutoTopicCreation: true }))
      },
    ],
  },
  { nodes: 3, stopsNodes: true },
)
