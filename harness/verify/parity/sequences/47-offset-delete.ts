import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import { OffsetDelete } from '../../../kafka/protocol/api/47-offset-delete.ts'
import { commit, describe, protocol, stable } from '../group-steps.ts'
import { offsets } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'

const VERSION = 0

function forget(groupId: string, name: string, ...indexes: number[]) {
  return { groupId, topics: [{ name, partitions: indexes.map((partitionIndex) => ({ partitionIndex })) }] }
}

export const offsetDeleteSequences = sequencesOf('47-offset-delete', {
  forgets: [
    'One commit is forgotten, the others stay; the last one takes the group with it.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const groupId = scene.name('g')
      for (const index of [0, 1]) await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic, { index }))
      await scene.peer.ask(OffsetDelete, VERSION, forget(groupId, topic, 0))
      await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0, 1]))
      await scene.peer.ask(OffsetDelete, VERSION, forget(groupId, topic, 1))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'nothing-committed': [
    'What was never committed is forgotten without an error.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic))
      await scene.peer.ask(OffsetDelete, VERSION, forget(groupId, topic, 1))
    },
  ],
  'unknown-group': [
    'A group that does not exist is GROUP_ID_NOT_FOUND; one without a name is refused.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(OffsetDelete, VERSION, forget(scene.name('nobody'), topic, 0))
      await scene.peer.ask(OffsetDelete, VERSION, forget('', topic, 0))
    },
  ],
  'unknown-partition': [
    'A partition that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic))
      await scene.peer.ask(OffsetDelete, VERSION, forget(groupId, topic, 5))
      await scene.peer.ask(OffsetDelete, VERSION, forget(groupId, scene.name('nobody'), 0))
    },
  ],
  'group-with-members': [
    'A topic that members may read is not forgotten; members of another protocol forbid everything.',
    async (scene) => {
      const topic = await scene.topic('t')
      const [consumers, workers] = [scene.name('consumers'), scene.name('workers')]
      await stable(scene, consumers, { protocols: [protocol('range', topic)] })
      await stable(scene, workers, { protocolType: 'connect' })
      const other = await scene.topic('u')
      await scene.peer.ask(OffsetDelete, VERSION, forget(consumers, topic, 0))
      await scene.peer.ask(OffsetDelete, VERSION, forget(consumers, other, 0))
      await scene.peer.ask(OffsetDelete, VERSION, forget(workers, topic, 0))
    },
  ],
  nothing: [
    'A request without topics has an answer without topics.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic))
      await scene.peer.ask(OffsetDelete, VERSION, { groupId, topics: [] })
    },
  ],
  several: [
    'Commits of several topics and partitions are forgotten together.',
    async (scene) => {
      const [one, two] = [await scene.topic('one'), await scene.topic('two', { partitions: 2 })]
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, one))
      const topics = [...forget(groupId, two, 1, 0).topics, ...forget(groupId, one, 0).topics]
      await scene.peer.ask(OffsetDelete, VERSION, { groupId, topics })
    },
  ],
})
