import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { deleteTopics, fetch, fetchPartition, metadata, produce, record } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 11
const LONG = { maxWaitMs: 20_000 }

/** From version 13 on a topic is named by its id alone (KIP-516). */
const BY_ID_FROM = 13

function byName(): number[] {
  return servedVersions(Fetch).filter((version) => version < BY_ID_FROM)
}

/** Writes one batch for each of these lists of values. */
async function fill(scene: Scene, topic: string, batches: string[][], index = 0): Promise<void> {
  for (const values of batches) {
    const records = values.map((value) => record(scene.time(0), 'k', value))
    await scene.peer.quietly(Produce, 8, produce(topic, writeBatch({ records }), { index }))
  }
}

export const fetchSequences = sequencesOf('01-fetch', {
  'every-version': [
    'Every version gives the same records.',
    async (scene) => {
      const topic = await scene.topic('t')
      await fill(scene, topic, [['a', 'b']])
      for (const version of byName()) await scene.peer.ask(Fetch, version, fetch(topic))
    },
  ],
  'by-id': [
    'From version 13 on topics are named by their ids; one that nobody has is UNKNOWN_TOPIC_ID.',
    async (scene) => {
      const topic = await scene.topic('t')
      await fill(scene, topic, [['a']])
      const described = await scene.peer.ask(Metadata, 10, metadata([topic]))
      for (const topicId of [described.topics[0]?.topicId ?? '', Buffer.alloc(16, 7).toString('base64url')]) {
        const topics = [{ topic: '', topicId, partitions: [fetchPartition(0n)] }]
        await scene.peer.ask(Fetch, BY_ID_FROM, fetch(topic, [], { topics }))
      }
    },
  ],
  'middle-of-batch': [
    'A batch comes whole, though only its last record was asked for.',
    async (scene) => {
      const topic = await scene.topic('t')
      await fill(scene, topic, [['a', 'b', 'c'], ['d']])
      await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(2n)]))
      await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(3n)]))
    },
  ],
  'first-batch-whole': [
    'The first batch comes whole, however small the limits are; no second one does.',
    async (scene) => {
      const topic = await scene.topic('t')
      await fill(scene, topic, [['a'], ['b'], ['c']])
      await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(0n)], { maxBytes: 1 }))
      await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(1n, { partitionMaxBytes: 1 })]))
    },
  ],
  'whole-batches-in-limit': [
    'As many batches come as the limit has room for.',
    async (scene) => {
      const topic = await scene.topic('t')
      await fill(scene, topic, [['a'], ['b']])
      await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(0n, { partitionMaxBytes: 146 })]))
      await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(0n, { partitionMaxBytes: 1000 })]))
    },
  ],
  'limit-over-partitions': [
    'The limit of a request holds for all partitions together; only the first batch is above it.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      await fill(scene, topic, [['a']], 0)
      await fill(scene, topic, [['b']], 1)
      const both = [fetchPartition(0n), fetchPartition(0n, { partition: 1 })]
      await scene.peer.ask(Fetch, VERSION, fetch(topic, both, { maxBytes: 1 }))
      await scene.peer.ask(Fetch, VERSION, fetch(topic, both.reverse(), { maxBytes: 1 }))
    },
  ],
  'empty-log': [
    'An empty log is read without an error at offset 0.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of [4, VERSION]) await scene.peer.ask(Fetch, version, fetch(topic))
    },
  ],
  'offset-out-of-range': [
    'An offset behind the end or before the start is OFFSET_OUT_OF_RANGE; the end itself is not.',
    async (scene) => {
      const topic = await scene.topic('t')
      await fill(scene, topic, [['a', 'b', 'c']])
      const topics = [{ name: topic, partitions: [{ partitionIndex: 0, offset: 1n }] }]
      await scene.peer.quietly(DeleteRecords, 1, { topics, timeoutMs: 5000 })
      for (const offset of [4n, 3n, 1n, 0n, -1n]) {
        await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(offset)]))
      }
    },
  ],
  'unknown-topic': [
    'A topic or partition that does not exist is UNKNOWN_TOPIC_OR_PARTITION, in every version.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of byName()) {
        await scene.peer.ask(Fetch, version, fetch(scene.name('nobody')))
      }
      await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(0n, { partition: 3 })]))
    },
  ],
  'one-error-among-others': [
    'A partition that does not exist has its error, and the others wait and have their answers all the same.',
    async (scene) => {
      const topic = await scene.topic('t')
      await fill(scene, topic, [['a']])
      const both = [fetchPartition(0n), fetchPartition(0n, { partition: 9 })]
      await scene.peer.ask(Fetch, VERSION, fetch(topic, both, { maxWaitMs: 200, minBytes: 1_000_000 }))
    },
  ],
  'error-ends-wait': [
    'An offset out of range ends the wait of the whole request at once.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const both = [fetchPartition(0n), fetchPartition(9n, { partition: 1 })]
      await scene.peer.ask(Fetch, VERSION, fetch(topic, both, LONG))
    },
  ],
  'all-unknown': [
    'When none of the partitions exists there is nothing to wait for.',
    async (scene) => {
      await scene.peer.ask(Fetch, VERSION, fetch(scene.name('nobody'), undefined, LONG))
    },
  ],
  'leader-epochs': [
    'A leader epoch that is too high is UNKNOWN_LEADER_EPOCH; the right one is answered.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const currentLeaderEpoch of [0, 1, -1]) {
        await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(0n, { currentLeaderEpoch })]))
      }
    },
  ],
  'long-poll-wakes': [
    'A fetch at the end waits until a record arrives.',
    async (scene) => {
      const topic = await scene.topic('t')
      const reader = await scene.connect()
      const waiting = reader.send(Fetch, VERSION, fetch(topic, undefined, LONG))
      await scene.peer.ask(Metadata, 8, metadata([]))
      scene.note('it waits', !waiting.isAnswered())
      await fill(scene, topic, [['a']])
      await waiting.answer
    },
  ],
  'long-poll-min-bytes': [
    'A fetch waits until there are as many bytes as it wants.',
    async (scene) => {
      const topic = await scene.topic('t')
      const reader = await scene.connect()
      const waiting = reader.send(Fetch, VERSION, fetch(topic, undefined, { ...LONG, minBytes: 100 }))
      await fill(scene, topic, [['a']])
      await scene.peer.ask(Fetch, VERSION, fetch(topic))
      scene.note('one batch is not enough', !waiting.isAnswered())
      await fill(scene, topic, [['b']])
      await waiting.answer
    },
  ],
  'long-poll-ends': [
    'A fetch that found too little is answered with what there is when its time is over.',
    async (scene) => {
      const topic = await scene.topic('t')
      await fill(scene, topic, [['a']])
      await scene.peer.ask(Fetch, VERSION, fetch(topic, undefined, { maxWaitMs: 200, minBytes: 1000 }))
      await scene.peer.ask(Fetch, VERSION, fetch(topic, [fetchPartition(1n)], { maxWaitMs: 200 }))
    },
  ],
  'long-poll-min-bytes-0': [
    'A fetch that wants no bytes does not wait.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(Fetch, VERSION, fetch(topic, undefined, { ...LONG, minBytes: 0 }))
    },
  ],
  'long-poll-other-partition': [
    'A record in any of the partitions wakes a fetch.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const reader = await scene.connect()
      const both = [fetchPartition(0n), fetchPartition(0n, { partition: 1 })]
      const waiting = reader.send(Fetch, VERSION, fetch(topic, both, LONG))
      await scene.peer.ask(Metadata, 8, metadata([]))
      await fill(scene, topic, [['a']], 1)
      await waiting.answer
    },
  ],
  'long-poll-holds-connection': [
    'A request behind a fetch that waits is answered after it.',
    async (scene) => {
      const topic = await scene.topic('t')
      const reader = await scene.connect()
      const waiting = reader.send(Fetch, VERSION, fetch(topic, undefined, LONG))
      const behind = reader.send(Metadata, 8, metadata([]))
      await scene.peer.ask(Metadata, 8, metadata([]))
      scene.note('both wait', !waiting.isAnswered() && !behind.isAnswered())
      await fill(scene, topic, [['a']])
      await behind.answer
      scene.note('the fetch came first', waiting.isAnswered())
    },
  ],
  'topic-deleted': [
    'A topic that was deleted is UNKNOWN_TOPIC_OR_PARTITION for its readers.',
    async (scene) => {
      const topic = await scene.topic('t')
      await fill(scene, topic, [['a']])
      await scene.peer.ask(DeleteTopics, 3, deleteTopics(topic))
      await scene.peer.until(
        Fetch,
        VERSION,
        fetch(topic),
        ({ responses }) => responses[0]?.partitions[0]?.errorCode === 3,
      )
    },
  ],
  'no-topics': [
    'A fetch of nothing is answered at once.',
    async (scene) => {
      await scene.peer.ask(Fetch, VERSION, fetch('', [], { ...LONG, topics: [] }))
    },
  ],
  'unknown-session': [
    'A fetch session that the broker does not have is FETCH_SESSION_ID_NOT_FOUND.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(Fetch, VERSION, fetch(topic, undefined, { sessionId: 12345, sessionEpoch: 3 }))
      await scene.peer.ask(Fetch, VERSION, fetch(topic, undefined, { sessionId: 0, sessionEpoch: 3 }))
    },
  ],
  'several-topics': [
    'Topics and partitions are answered in the order of the request.',
    async (scene) => {
      const [one, two] = [await scene.topic('one', { partitions: 2 }), await scene.topic('two')]
      await fill(scene, two, [['a']])
      await fill(scene, one, [['b']], 1)
      const topics = [
        { topic: two, topicId: uuid.absent, partitions: [fetchPartition(0n)] },
        {
          topic: one,
          topicId: uuid.absent,
          partitions: [fetchPartition(0n, { partition: 1 }), fetchPartition(0n)],
        },
      ]
      await scene.peer.ask(Fetch, VERSION, fetch(one, [], { topics }))
    },
  ],
})
