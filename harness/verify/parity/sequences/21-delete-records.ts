import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { deleteRecords, fetch, fetchPartition, listOffset, produce, record } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 1

/** A topic with offsets 0 to 2 in one batch, 3 to 5 in another. */
async function filled(scene: Scene): Promise<string> {
  const topic = await scene.topic('t')
  for (let round = 0; round < 2; round++) {
    const records = [0, 1, 2].map((plus) => record(scene.time(plus)))
    await scene.peer.quietly(Produce, 8, produce(topic, writeBatch({ records })))
  }
  return topic
}

export const deleteRecordsSequences = sequencesOf('21-delete-records', {
  'every-version': [
    'The log starts at the offset that was named, in every version.',
    async (scene) => {
      const topic = await filled(scene)
      for (const version of servedVersions(DeleteRecords)) {
        await scene.peer.ask(DeleteRecords, version, deleteRecords(topic, BigInt(version + 1)))
        await scene.peer.ask(ListOffsets, 5, listOffset(topic, -2n))
      }
    },
  ],
  'inside-a-batch': [
    'A batch of which something is left stays whole.',
    async (scene) => {
      const topic = await filled(scene)
      await scene.peer.ask(DeleteRecords, VERSION, deleteRecords(topic, 4n))
      await scene.peer.ask(Fetch, 11, fetch(topic, [fetchPartition(4n)]))
      await scene.peer.ask(Fetch, 11, fetch(topic, [fetchPartition(3n)]))
    },
  ],
  everything: [
    '-1 deletes everything; the next record still gets the next offset.',
    async (scene) => {
      const topic = await filled(scene)
      await scene.peer.ask(DeleteRecords, VERSION, deleteRecords(topic, -1n))
      await scene.peer.ask(Produce, 8, produce(topic, writeBatch({ records: [record(scene.time(0))] })))
      await scene.peer.ask(Fetch, 11, fetch(topic, [fetchPartition(6n)]))
    },
  ],
  'behind-the-end': [
    'An offset behind the end is OFFSET_OUT_OF_RANGE, and so is one below -1.',
    async (scene) => {
      const topic = await filled(scene)
      for (const offset of [7n, -2n])
        await scene.peer.ask(DeleteRecords, VERSION, deleteRecords(topic, offset))
    },
  ],
  backwards: [
    'The start of the log does not go back.',
    async (scene) => {
      const topic = await filled(scene)
      for (const offset of [5n, 2n, 0n])
        await scene.peer.ask(DeleteRecords, VERSION, deleteRecords(topic, offset))
    },
  ],
  unknown: [
    'A topic or partition that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(DeleteRecords, VERSION, deleteRecords(scene.name('nobody'), 0n))
      await scene.peer.ask(DeleteRecords, VERSION, deleteRecords(topic, 0n, 5))
    },
  ],
  compacted: [
    'Records of a topic that is only compacted are not deleted: POLICY_VIOLATION.',
    async (scene) => {
      const topic = await scene.topic('t', { configs: { 'cleanup.policy': 'compact' } })
      await scene.peer.ask(Produce, 8, produce(topic, writeBatch({ records: [record(scene.time(0))] })))
      await scene.peer.ask(DeleteRecords, VERSION, deleteRecords(topic, 1n))
    },
  ],
  nothing: [
    'A request without topics has an answer without topics.',
    async (scene) => {
      await scene.peer.ask(DeleteRecords, VERSION, { topics: [], timeoutMs: 1000 })
    },
  ],
  several: [
    'Several partitions of several topics in one request.',
    async (scene) => {
      const one = await filled(scene)
      const two = await scene.topic('two', { partitions: 2 })
      const partitions = [1, 0].map((partitionIndex) => ({ partitionIndex, offset: 0n }))
      const topics = [
        { name: two, partitions },
        { name: one, partitions: [{ partitionIndex: 0, offset: 3n }] },
      ]
      await scene.peer.ask(DeleteRecords, VERSION, { topics, timeoutMs: 10_000 })
    },
  ],
})
