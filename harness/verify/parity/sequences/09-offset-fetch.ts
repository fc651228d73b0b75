import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { commit } from '../group-steps.ts'
import { deleteTopics, offsets } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 5

export const offsetFetchSequences = sequencesOf('09-offset-fetch', {
  'every-version': [
    'A commit comes back in every version; a partition without one has offset -1.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic, { metadata: 'half way' }))
      for (const version of servedVersions(OffsetFetch)) {
        await scene.peer.ask(OffsetFetch, version, offsets(groupId, topic, [0, 1]))
      }
    },
  ],
  everything: [
    'Without a list of topics, everything that the group has committed comes back.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 3 })
      const groupId = scene.name('g')
      for (const index of [0, 2]) await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic, { index }))
      for (const version of servedVersions(OffsetFetch).filter((one) => one >= 2)) {
        await scene.peer.ask(OffsetFetch, version, offsets(groupId, null))
      }
    },
  ],
  'unknown-group': [
    'A group that does not exist has committed nothing.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(OffsetFetch, VERSION, offsets(scene.name('nobody'), topic, [0]))
      await scene.peer.ask(OffsetFetch, VERSION, offsets(scene.name('nobody'), null))
      await scene.peer.ask(OffsetFetch, 1, offsets(scene.name('nobody'), topic, [0]))
    },
  ],
  'unknown-topic': [
    'A topic or partition that does not exist is no error.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic))
      await scene.peer.ask(OffsetFetch, VERSION, offsets(groupId, topic, [9]))
      await scene.peer.ask(OffsetFetch, VERSION, offsets(groupId, scene.name('nobody'), [0, 1]))
    },
  ],
  'no-topics': [
    'An empty list of topics has an empty answer.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic))
      await scene.peer.ask(OffsetFetch, VERSION, { ...offsets(groupId, null), topics: [] })
    },
  ],
  'topic-deleted': [
    'Commits go with their topic.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic))
      await scene.peer.ask(DeleteTopics, 3, deleteTopics(topic))
      await scene.peer.until(
        OffsetFetch,
        VERSION,
        offsets(groupId, topic, [0]),
        ({ topics }) => topics[0]?.partitions[0]?.committedOffset === -1n,
      )
    },
  ],
  'empty-group-id': [
    'The empty name is a group like any other.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(OffsetFetch, VERSION, offsets('', topic, [0]))
    },
  ],
})
