import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { deleteTopics, metadata } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 8

export const metadataSequences = sequencesOf('03-metadata', {
  'every-version': [
    'Nodes, controller, topic and partitions are told in every version.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 3 })
      for (const version of servedVersions(Metadata)) {
        await scene.peer.ask(Metadata, version, metadata([topic], { allowAutoTopicCreation: true }))
      }
    },
  ],
  'all-topics': [
    'No list means all topics; in version 0 an empty one does.',
    async (scene) => {
      await scene.topic('one')
      await scene.topic('two', { partitions: 2 })
      await scene.peer.askOwn(Metadata, 0, metadata([], { allowAutoTopicCreation: true }))
      for (const version of servedVersions(Metadata).filter((one) => one >= 1)) {
        await scene.peer.askOwn(Metadata, version, metadata(null, { allowAutoTopicCreation: true }))
      }
    },
  ],
  'no-topics': [
    'An empty list means no topics from version 1 on.',
    async (scene) => {
      for (const version of [1, VERSION]) await scene.peer.ask(Metadata, version, metadata([]))
    },
  ],
  'unknown-topic': [
    'A missing topic is UNKNOWN_TOPIC_OR_PARTITION, and is not created when that is not wanted.',
    async (scene) => {
      for (const version of servedVersions(Metadata).filter((one) => one >= 4)) {
        await scene.peer.ask(Metadata, version, metadata([scene.name('nobody')]))
      }
      await scene.peer.askOwn(Metadata, VERSION, metadata(null))
    },
  ],
  'auto-create': [
    'A missing topic is created when that is wanted, but the first answer does not have it yet.',
    async (scene) => {
      const wanted = metadata([scene.name('made')], { allowAutoTopicCreation: true })
      await scene.peer.ask(Metadata, VERSION, wanted)
      await scene.peer.until(Metadata, VERSION, wanted, ({ topics }) => topics[0]?.errorCode === 0)
    },
  ],
  'invalid-names': [
    'A name that no topic can have is INVALID_TOPIC_EXCEPTION.',
    async (scene) => {
      for (const name of ['a b', '.', '..', 'x'.repeat(250), '']) {
        await scene.peer.ask(Metadata, VERSION, metadata([name]))
        await scene.peer.ask(Metadata, VERSION, metadata([name], { allowAutoTopicCreation: true }))
      }
    },
  ],
  'named-twice': [
    'A topic that is named twice is described once.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(Metadata, VERSION, metadata([topic, topic]))
    },
  ],
  'known-and-unknown': [
    'A topic that is missing does not hide those that are there.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(Metadata, VERSION, metadata([topic, scene.name('nobody')]))
    },
  ],
  'authorized-operations': [
    'Who asks for the operations that are allowed is told them.',
    async (scene) => {
      const topic = await scene.topic('t')
      const asked = metadata([topic], {
        includeClusterAuthorizedOperations: true,
        includeTopicAuthorizedOperations: true,
      })
      for (const version of servedVersions(Metadata).filter((one) => one >= 8)) {
        await scene.peer.ask(Metadata, version, asked)
      }
    },
  ],
  recreated: [
    'A topic that was deleted and created again has another id.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(Metadata, 10, metadata([topic]))
      await scene.peer.quietly(DeleteTopics, 3, deleteTopics(topic))
      await scene.peer.until(Metadata, 10, metadata([topic]), ({ topics }) => topics[0]?.errorCode === 3)
      await scene.topic('t')
      await scene.peer.until(Metadata, 10, metadata([topic]), ({ topics }) => topics[0]?.errorCode === 0)
      await scene.peer.ask(Metadata, 10, metadata([topic]))
    },
  ],
})
