import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { deleteTopics, listOffset, metadata, produce, record } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 3

export const deleteTopicsSequences = sequencesOf('20-delete-topics', {
  'every-version': [
    'A topic is deleted in every version.',
    async (scene) => {
      for (const version of servedVersions(DeleteTopics)) {
        const topic = await scene.topic(`v${version}`)
        await scene.peer.ask(DeleteTopics, version, deleteTopics(topic))
        await scene.peer.until(Metadata, 8, metadata([topic]), ({ topics }) => topics[0]?.errorCode === 3)
      }
    },
  ],
  unknown: [
    'A topic that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      for (const version of servedVersions(DeleteTopics)) {
        await scene.peer.ask(DeleteTopics, version, deleteTopics(scene.name('nobody')))
      }
    },
  ],
  twice: [
    'A topic cannot be deleted twice.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(DeleteTopics, VERSION, deleteTopics(topic))
      await scene.peer.ask(DeleteTopics, VERSION, deleteTopics(topic))
    },
  ],
  'named-twice': [
    'A name that comes twice in one request is INVALID_REQUEST.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(DeleteTopics, VERSION, deleteTopics(topic, topic))
      await scene.peer.ask(Metadata, 8, metadata([topic]))
    },
  ],
  nothing: [
    'A request without names has an answer without names.',
    async (scene) => {
      await scene.peer.ask(DeleteTopics, VERSION, deleteTopics())
    },
  ],
  'empty-name': [
    'The empty name is no topic.',
    async (scene) => {
      await scene.peer.ask(DeleteTopics, VERSION, deleteTopics(''))
    },
  ],
  recreated: [
    'A topic that is created again starts at offset 0.',
    async (scene) => {
      const topic = await scene.topic('t')
      const records = writeBatch({ records: [record(scene.time(0))] })
      await scene.peer.quietly(Produce, 8, produce(topic, records))
      await scene.peer.ask(DeleteTopics, VERSION, deleteTopics(topic))
      await scene.peer.until(Metadata, 8, metadata([topic]), ({ topics }) => topics[0]?.errorCode === 3)
      await scene.topic('t')
      await scene.peer.ask(ListOffsets, 5, listOffset(topic, -1n))
      await scene.peer.ask(Produce, 8, produce(topic, records))
    },
  ],
  several: [
    'Topics that are deleted together succeed or fail one by one.',
    async (scene) => {
      const names = [await scene.topic('two'), scene.name('nobody'), await scene.topic('one')]
      await scene.peer.ask(DeleteTopics, VERSION, deleteTopics(...names))
    },
  ],
})
