import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { type BatchContent, writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { fetch, fetchPartition, listOffset, metadata, produce, record } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 8

/** One batch of records at the sequence's start. */
function batch(scene: Scene, values: string[] = ['a'], given: Partial<BatchContent> = {}): Buffer {
  const records = values.map((value, index) => record(scene.time(index), `key-${index}`, value))
  return writeBatch({ records, ...given })
}

export const produceSequences = sequencesOf('00-produce', {
  'every-version': [
    'A batch is stored in every version, at the next offset.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of servedVersions(Produce)) {
        await scene.peer.ask(Produce, version, produce(topic, batch(scene, [`v${version}`])))
      }
      await scene.peer.ask(Fetch, 11, fetch(topic))
    },
  ],
  'old-versions': [
    'Versions 0 to 2 are offered to old clients, and close the connection when they are used.',
    async (scene) => {
      const topic = await scene.topic('t')
      await (await scene.connect()).provoke(Produce, 0, produce(topic, batch(scene)))
      await (await scene.connect()).provoke(Produce, 2, produce(topic, batch(scene)))
      await scene.peer.ask(ListOffsets, 5, listOffset(topic, -1n))
    },
  ],
  'several-records': [
    'Every record of a batch takes one offset; keys, values, headers and nulls come back as they were.',
    async (scene) => {
      const topic = await scene.topic('t')
      const records = [
        record(scene.time(5), 'k', 'v', [
          ['source', Buffer.from('shop')],
          ['none', null],
        ]),
        record(scene.time(3), null, 'no key'),
        record(scene.time(9), 'k', null),
        record(scene.time(0), '', ''),
      ]
      await scene.peer.ask(Produce, VERSION, produce(topic, writeBatch({ records })))
      await scene.peer.ask(Produce, VERSION, produce(topic, batch(scene)))
      await scene.peer.ask(Fetch, 11, fetch(topic))
    },
  ],
  'several-partitions': [
    'One request writes to several partitions; one that does not exist leaves the others alone.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 3 })
      const partitionData = [2, 0, 7].map((index) => ({ index, records: batch(scene, [`p${index}`]) }))
      await scene.peer.ask(
        Produce,
        VERSION,
        produce(topic, null, { topicData: [{ name: topic, partitionData }] }),
      )
      await scene.peer.ask(
        Fetch,
        11,
        fetch(
          topic,
          [0, 1, 2].map((partition) => fetchPartition(0n, { partition })),
        ),
      )
    },
  ],
  'no-partitions': [
    'A request without topics has an answer without topics.',
    async (scene) => {
      await scene.peer.ask(Produce, VERSION, produce('', null, { topicData: [] }))
    },
  ],
  'unknown-topic': [
    'A topic that does not exist is UNKNOWN_TOPIC_OR_PARTITION, in every version.',
    async (scene) => {
      for (const version of servedVersions(Produce)) {
        await scene.peer.ask(Produce, version, produce(scene.name('nobody'), batch(scene)))
      }
    },
  ],
  'unknown-partition': [
    'A partition that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(Produce, VERSION, produce(topic, batch(scene), { index: 1 }))
      await scene.peer.ask(Produce, VERSION, produce(topic, batch(scene), { index: -1 }))
    },
  ],
  'acks-0': [
    'With acks=0 there is no answer, and the batch is stored.',
    async (scene) => {
      const topic = await scene.topic('t')
      scene.peer.tell(Produce, VERSION, produce(topic, batch(scene), { acks: 0 }))
      await scene.peer.ask(Metadata, 8, metadata([topic]))
      await scene.peer.ask(Fetch, 11, fetch(topic))
    },
  ],
  'acks-0-refused': [
    'With acks=0 an error closes the connection, so that the client notices.',
    async (scene) => {
      const other = await scene.connect()
      other.tell(Produce, VERSION, produce(scene.name('nobody'), batch(scene), { acks: 0 }))
      await other.provoke(Metadata, 8, metadata([]))
    },
  ],
  'acks-1': [
    'With acks=1 the leader alone answers, with the same fields.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(Produce, VERSION, produce(topic, batch(scene), { acks: 1 }))
      await scene.peer.ask(Fetch, 11, fetch(topic))
    },
  ],
  'invalid-acks': [
    'Acks other than -1, 0 and 1 are INVALID_REQUIRED_ACKS.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const acks of [2, -2]) {
        await scene.peer.ask(Produce, VERSION, produce(topic, batch(scene), { acks }))
      }
      await scene.peer.ask(ListOffsets, 5, listOffset(topic, -1n))
    },
  ],
  'log-append-time': [
    'With LogAppendTime the broker sets the time of every record, and answers it.',
    async (scene) => {
      const topic = await scene.topic('t', { configs: { 'message.timestamp.type': 'LogAppendTime' } })
      await scene.peer.ask(Produce, VERSION, produce(topic, batch(scene, ['a', 'b'])))
      await scene.peer.ask(Fetch, 11, fetch(topic))
    },
  ],
  'after-delete-records': [
    'The answer tells where the log starts.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(Produce, VERSION, produce(topic, batch(scene, ['a', 'b', 'c'])))
      const topics = [{ name: topic, partitions: [{ partitionIndex: 0, offset: 2n }] }]
      await scene.peer.ask(DeleteRecords, 1, { topics, timeoutMs: 5000 })
      for (const version of [4, 5, VERSION])
        await scene.peer.ask(Produce, version, produce(topic, batch(scene)))
    },
  ],
  'internal-topic': [
    'A topic of Kafka itself is INVALID_TOPIC_EXCEPTION for clients.',
    async (scene) => {
      await scene.peer.ask(Produce, VERSION, produce('__consumer_offsets', batch(scene)))
    },
  ],
  pipelined: [
    'Requests on one connection are answered in their order.',
    async (scene) => {
      const topic = await scene.topic('t')
      const sent = ['a', 'b', 'c'].map((value) =>
        scene.peer.send(Produce, VERSION, produce(topic, batch(scene, [value]))),
      )
      await Promise.all(sent.map(({ answer }) => answer))
      await scene.peer.ask(Fetch, 11, fetch(topic))
    },
  ],
  'several-topics': [
    'One request writes to several topics.',
    async (scene) => {
      const names = [await scene.topic('two'), scene.name('nobody'), await scene.topic('one')]
      const topicData = names.map((name) => ({
        name,
        partitionData: [{ index: 0, records: batch(scene, [name]) }],
      }))
      await scene.peer.ask(Produce, VERSION, produce('', null, { topicData }))
    },
  ],
})
