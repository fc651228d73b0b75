import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { AlterPartitionReassignments } from '../../../kafka/protocol/api/45-alter-partition-reassignments.ts'
import { ListPartitionReassignments } from '../../../kafka/protocol/api/46-list-partition-reassignments.ts'
import { metadata } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'

/** Places one partition anew, or cancels that with null, and lists what is under way. */
async function place(
  scene: Scene,
  name: string,
  replicas: number[] | null,
  partitionIndex = 0,
): Promise<void> {
  const topics = [{ name, partitions: [{ partitionIndex, replicas }] }]
  await scene.peer.ask(AlterPartitionReassignments, 0, { timeoutMs: 10_000, topics })
  const asked = [{ name, partitionIndexes: [partitionIndex] }]
  await scene.peer.ask(ListPartitionReassignments, 0, { timeoutMs: 10_000, topics: asked })
}

async function onlyNode(scene: Scene): Promise<number> {
  return (await scene.peer.quietly(Metadata, 8, metadata([]))).controllerId
}

export const reassignmentsSequences = sequencesOf('45-reassignments', {
  'same-place': [
    'A partition may be placed where it already is; nothing is under way then.',
    async (scene) => place(scene, await scene.topic('t'), [await onlyNode(scene)]),
  ],
  'unknown-node': [
    'A node that does not exist is INVALID_REPLICA_ASSIGNMENT, and so are no nodes or one twice.',
    async (scene) => {
      const topic = await scene.topic('t')
      const node = await onlyNode(scene)
      for (const replicas of [[77], [], [node, node], [-1]]) await place(scene, topic, replicas)
    },
  ],
  cancel: [
    'What is not under way cannot be cancelled: NO_REASSIGNMENT_IN_PROGRESS.',
    async (scene) => place(scene, await scene.topic('t'), null),
  ],
  unknown: [
    'A topic or partition that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      await place(scene, scene.name('nobody'), [await onlyNode(scene)])
      await place(scene, await scene.topic('t'), [await onlyNode(scene)], 5)
    },
  ],
  nothing: [
    'A request without topics has an answer without topics; null lists everything that is under way.',
    async (scene) => {
      await scene.peer.ask(AlterPartitionReassignments, 0, { timeoutMs: 10_000, topics: [] })
      await scene.peer.ask(ListPartitionReassignments, 0, { timeoutMs: 10_000, topics: [] })
      await scene.peer.ask(ListPartitionReassignments, 0, { timeoutMs: 10_000, topics: null })
    },
  ],
  several: [
    'Several partitions are answered one by one.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const node = await onlyNode(scene)
      const partitions = [
        { partitionIndex: 0, replicas: [node] },
        { partitionIndex: 1, replicas: null },
      ]
      const topics = [
        { name: topic, partitions },
        { name: scene.name('nobody'), partitions: [{ partitionIndex: 0, replicas: [node] }] },
      ]
      await scene.peer.ask(AlterPartitionReassignments, 0, { timeoutMs: 10_000, topics })
    },
  ],
})
