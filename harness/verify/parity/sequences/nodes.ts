import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../../../kafka/protocol/api/10-find-coordinator.ts'
import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { SyncGroup } from '../../../kafka/protocol/api/14-sync-group.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { InitProducerId } from '../../../kafka/protocol/api/22-init-producer-id.ts'
import { AddPartitionsToTxn } from '../../../kafka/protocol/api/24-add-partitions-to-txn.ts'
import { AddOffsetsToTxn } from '../../../kafka/protocol/api/25-add-offsets-to-txn.ts'
import { EndTxn } from '../../../kafka/protocol/api/26-end-txn.ts'
import { TxnOffsetCommit } from '../../../kafka/protocol/api/28-txn-offset-commit.ts'
import { DeleteGroups } from '../../../kafka/protocol/api/42-delete-groups.ts'
import { OffsetDelete } from '../../../kafka/protocol/api/47-offset-delete.ts'
import type { ResponseOf } from '../../../kafka/protocol/api.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { commit, describe, join, leave, sync } from '../group-steps.ts'
import type { Peer } from '../peer.ts'
import {
  deleteRecords,
  fetch,
  fetchPartition,
  listOffset,
  metadata,
  offsets,
  produce,
  record,
} from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'
import { addPartitions, init, txnCommit } from '../transaction-steps.ts'

const NODES = 3

/** A connection to a node that does not coordinate this group (0) or transactional id (1). */
async function wrongNode(scene: Scene, key: string, keyType: 0 | 1): Promise<Peer> {
  const body = { key, keyType, coordinatorKeys: [] }
  const { nodeId } = await scene.peer.quietlyUntil(
    FindCoordinator,
    2,
    body,
    ({ errorCode }) => errorCode === 0,
  )
  return scene.connect({ node: (nodeId % NODES) + 1 })
}

/** Kafka names any node as the controller (see NOT-IMPLEMENTED.md, nodes 2). */
export function anyController({ controllerId, ...answer }: ResponseOf<typeof Metadata>): object {
  return { ...answer, isControllerThere: answer.brokers.some(({ nodeId }) => nodeId === controllerId) }
}

function batch(scene: Scene): Buffer {
  return writeBatch({ records: [record(scene.time(0))] })
}

export const nodesSequences = sequencesOf(
  'nodes',
  {
    metadata: [
      'Leaders, replicas and in-sync replicas are told in the order in which they were placed.',
      async (scene) => {
        const topic = await scene.topic('t', {
          placed: [
            [1, 2, 3],
            [2, 3, 1],
            [3, 1, 2],
          ],
        })
        for (const version of servedVersions(Metadata)) {
          const asked = metadata([topic], { allowAutoTopicCreation: true })
          const answer = await scene.peer.quietly(Metadata, version, asked)
          scene.note(`Metadata v${version}`, anyController(answer))
        }
      },
    ],
    'not-the-leader': [
      'A node that does not lead a partition is NOT_LEADER_OR_FOLLOWER.',
      async (scene) => {
        const topic = await scene.topic('t', {
          placed: [
            [2, 1],
            [3, 2],
          ],
        })
        for (const index of [0, 1]) {
          await scene.peer.ask(Produce, 8, produce(topic, batch(scene), { index }))
          await scene.peer.ask(ListOffsets, 5, listOffset(topic, -1n, { partitionIndex: index }))
          await scene.peer.ask(DeleteRecords, 1, deleteRecords(topic, 0n, index))
          await scene.peer.ask(Fetch, 10, fetch(topic, [fetchPartition(0n, { partition: index })]))
        }
        await scene.peer.ask(Fetch, 11, fetch(topic, [fetchPartition(0n, { partition: 1 })]))
      },
    ],
    'leader-epochs-elsewhere': [
      'A node with a replica looks at the leader epoch before it says that it does not lead.',
      async (scene) => {
        const topic = await scene.topic('t', {
          placed: [
            [2, 1],
            [3, 2],
          ],
        })
        const asked = (partitionIndex: number) =>
          listOffset(topic, -1n, { partitionIndex, currentLeaderEpoch: 9 })
        // Until a follower has opened its log it knows of no epochs.
        const hasLog = ({ topics }: ResponseOf<typeof ListOffsets>) =>
          topics[0]?.partitions[0]?.errorCode === 75
        await scene.peer.until(ListOffsets, 5, asked(0), hasLog)
        await scene.peer.ask(ListOffsets, 5, asked(1))
      },
    ],
    'not-the-groups-coordinator': [
      'A node that does not coordinate a group is NOT_COORDINATOR.',
      async (scene) => {
        const topic = await scene.topic('t', { placed: [[1]] })
        const groupId = scene.name('g')
        const node = await wrongNode(scene, groupId, 0)
        const member = { memberId: 'ghost', generationId: 1 }
        await node.ask(JoinGroup, 5, join(groupId))
        await node.ask(SyncGroup, 3, sync(groupId, member))
        await node.ask(Heartbeat, 3, { groupId, ...member, groupInstanceId: null })
        for (const version of [2, 3]) await node.ask(LeaveGroup, version, leave(groupId, 'ghost'))
        await node.ask(OffsetCommit, 7, commit(groupId, topic))
        for (const version of [1, 5]) await node.ask(OffsetFetch, version, offsets(groupId, topic, [0]))
        await node.ask(DescribeGroups, 4, describe(groupId))
        await node.ask(DeleteGroups, 1, { groupsNames: [groupId] })
        const topics = [{ name: topic, partitions: [{ partitionIndex: 0 }] }]
        await node.ask(OffsetDelete, 0, { groupId, topics })
      },
    ],
    'not-the-transactions-coordinator': [
      'A node that does not coordinate a transactional id is NOT_COORDINATOR.',
      async (scene) => {
        const topic = await scene.topic('t', { placed: [[1]] })
        const transactionalId = scene.name('writer')
        const writer = { transactionalId, producerId: 1n, producerEpoch: 0 }
        const node = await wrongNode(scene, transactionalId, 1)
        await node.ask(InitProducerId, 1, init(transactionalId))
        await node.ask(AddPartitionsToTxn, 1, addPartitions(writer, { [topic]: [0] }))
        await node.ask(AddOffsetsToTxn, 1, { ...writer, groupId: scene.name('g') })
        await node.ask(EndTxn, 1, { ...writer, committed: true })
        const group = await wrongNode(scene, scene.name('g'), 0)
        await group.ask(TxnOffsetCommit, 2, txnCommit(writer, scene.name('g'), topic))
      },
    ],
  },
  { nodes: NODES },
)
