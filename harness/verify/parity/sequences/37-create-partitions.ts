import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { CreatePartitions } from '../../../kafka/protocol/api/37-create-partitions.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { metadata, produce, record } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 1

function grow(name: string, count: number, given: { brokers?: number[][]; validateOnly?: boolean } = {}) {
  const { brokers, validateOnly = false } = given
  const assignments = brokers?.map((brokerIds) => ({ brokerIds })) ?? null
  return { topics: [{ name, count, assignments }], timeoutMs: 10_000, validateOnly }
}

export const createPartitionsSequences = sequencesOf('37-create-partitions', {
  'every-version': [
    'A topic grows to the count that is named, in every version.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of servedVersions(CreatePartitions)) {
        const count = version + 2
        await scene.peer.ask(CreatePartitions, version, grow(topic, count))
        await scene.peer.until(
          Metadata,
          8,
          metadata([topic]),
          ({ topics }) => topics[0]?.partitions.length === count,
        )
      }
    },
  ],
  'not-more': [
    'A count that is not higher than before is INVALID_PARTITIONS.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      for (const count of [2, 1, 0, -1]) await scene.peer.ask(CreatePartitions, VERSION, grow(topic, count))
    },
  ],
  'unknown-topic': [
    'A topic that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      await scene.peer.ask(CreatePartitions, VERSION, grow(scene.name('nobody'), 3))
    },
  ],
  assignments: [
    'New partitions can be placed by hand; what does not fit is INVALID_REPLICA_ASSIGNMENT.',
    async (scene) => {
      const topic = await scene.topic('t')
      const { controllerId } = await scene.peer.quietly(Metadata, 8, metadata([]))
      for (const brokers of [
        [],
        [[controllerId], [controllerId]],
        [[77]],
        [[]],
        [[controllerId, controllerId]],
      ]) {
        await scene.peer.ask(CreatePartitions, VERSION, grow(topic, 2, { brokers }))
      }
      await scene.peer.ask(CreatePartitions, VERSION, grow(topic, 2, { brokers: [[controllerId]] }))
    },
  ],
  'validate-only': [
    'With validateOnly the topic stays as it is.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(CreatePartitions, VERSION, grow(topic, 3, { validateOnly: true }))
      await scene.peer.ask(CreatePartitions, VERSION, grow(topic, 1, { validateOnly: true }))
      await scene.peer.ask(Metadata, 8, metadata([topic]))
    },
  ],
  'named-twice': [
    'A topic that comes twice is INVALID_REQUEST.',
    async (scene) => {
      const topic = await scene.topic('t')
      const [one] = grow(topic, 3).topics
      if (!one) return
      await scene.peer.ask(CreatePartitions, VERSION, {
        ...grow(topic, 3),
        topics: [one, { ...one, count: 4 }],
      })
    },
  ],
  'used-at-once': [
    'New partitions start at offset 0, and the old ones keep what they have.',
    async (scene) => {
      const topic = await scene.topic('t')
      const records = () => writeBatch({ records: [record(scene.time(0))] })
      await scene.peer.ask(Produce, 8, produce(topic, records()))
      await scene.peer.ask(CreatePartitions, VERSION, grow(topic, 2))
      await scene.peer.until(
        Produce,
        8,
        produce(topic, records(), { index: 1 }),
        ({ responses }) => responses[0]?.partitionResponses[0]?.errorCode === 0,
      )
      await scene.peer.ask(Produce, 8, produce(topic, records()))
    },
  ],
  several: [
    'Several topics grow in one request; an error in one leaves the others alone.',
    async (scene) => {
      const names = [await scene.topic('two'), scene.name('nobody'), await scene.topic('one')]
      const topics = names.flatMap((name) => grow(name, 3).topics)
      await scene.peer.ask(CreatePartitions, VERSION, { topics, timeoutMs: 10_000, validateOnly: false })
    },
  ],
})
