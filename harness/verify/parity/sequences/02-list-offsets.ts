import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { DeleteRecords } from '../../../kafka/protocol/api/21-delete-records.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { listOffset, produce, record } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 5
const LATEST = -1n
const EARLIEST = -2n
const MAX_TIMESTAMP = -3n

/** A topic with two batches: times 0, 10, 20, then 15 and 5 after the start of the sequence. */
async function filled(scene: Scene, compression: 'none' | 'gzip' = 'none'): Promise<string> {
  const topic = await scene.topic('t')
  for (const times of [
    [0, 10, 20],
    [15, 5],
  ]) {
    const records = times.map((plus) => record(scene.time(plus)))
    await scene.peer.quietly(Produce, 8, produce(topic, writeBatch({ records, compression })))
  }
  return topic
}

export const listOffsetsSequences = sequencesOf('02-list-offsets', {
  'every-version': [
    'Start, end and a time are found in every version.',
    async (scene) => {
      const topic = await filled(scene)
      for (const version of servedVersions(ListOffsets)) {
        for (const timestamp of [EARLIEST, LATEST, scene.time(10)]) {
          await scene.peer.ask(ListOffsets, version, listOffset(topic, timestamp))
        }
      }
    },
  ],
  'by-time': [
    'A time finds the first record that is not older, with its own time.',
    async (scene) => {
      const topic = await filled(scene)
      for (const plus of [-5, 0, 1, 10, 11, 15, 20, 21]) {
        await scene.peer.ask(ListOffsets, VERSION, listOffset(topic, scene.time(plus)))
      }
      await scene.peer.ask(ListOffsets, VERSION, listOffset(topic, 0n))
    },
  ],
  'by-time-in-gzip': [
    'A time is found inside a batch that is packed.',
    async (scene) => {
      const topic = await filled(scene, 'gzip')
      for (const plus of [5, 15, 30])
        await scene.peer.ask(ListOffsets, VERSION, listOffset(topic, scene.time(plus)))
    },
  ],
  'latest-record': [
    'The record with the latest time is found from version 7 on; below, the question is UNSUPPORTED_VERSION.',
    async (scene) => {
      const topic = await filled(scene)
      for (const version of servedVersions(ListOffsets)) {
        await scene.peer.ask(ListOffsets, version, listOffset(topic, MAX_TIMESTAMP))
      }
    },
  ],
  'empty-log': [
    'An empty log starts and ends at 0, and holds no time.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const timestamp of [EARLIEST, LATEST, scene.time(0), MAX_TIMESTAMP]) {
        await scene.peer.ask(ListOffsets, 7, listOffset(topic, timestamp))
      }
    },
  ],
  'after-delete-records': [
    'The start moves when records are deleted, and times before it are not found.',
    async (scene) => {
      const topic = await filled(scene)
      const topics = [{ name: topic, partitions: [{ partitionIndex: 0, offset: 3n }] }]
      await scene.peer.quietly(DeleteRecords, 1, { topics, timeoutMs: 5000 })
      for (const timestamp of [EARLIEST, LATEST, scene.time(0), MAX_TIMESTAMP]) {
        await scene.peer.ask(ListOffsets, 7, listOffset(topic, timestamp))
      }
    },
  ],
  'unknown-topic': [
    'A topic or partition that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of [1, VERSION]) {
        await scene.peer.ask(ListOffsets, version, listOffset(scene.name('nobody'), LATEST))
        await scene.peer.ask(ListOffsets, version, listOffset(topic, LATEST, { partitionIndex: 5 }))
      }
    },
  ],
  'partition-twice': [
    'A partition that is named twice is INVALID_REQUEST.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const partitions = [0, 1, 0].map((partitionIndex) => ({
        partitionIndex,
        currentLeaderEpoch: -1,
        timestamp: LATEST,
      }))
      await scene.peer.ask(ListOffsets, VERSION, {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name: topic, partitions }],
      })
    },
  ],
  'leader-epochs': [
    'A leader epoch that is too high is UNKNOWN_LEADER_EPOCH.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const currentLeaderEpoch of [0, 4]) {
        await scene.peer.ask(ListOffsets, VERSION, listOffset(topic, LATEST, { currentLeaderEpoch }))
      }
    },
  ],
  'unknown-special-time': [
    'A negative time without a meaning is UNSUPPORTED_VERSION.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(ListOffsets, VERSION, listOffset(topic, -7n))
    },
  ],
  'several-topics': [
    'Several topics and partitions are answered in one go.',
    async (scene) => {
      const one = await filled(scene)
      const two = await scene.topic('two', { partitions: 2 })
      const partition = (partitionIndex: number, timestamp: bigint) => ({
        partitionIndex,
        currentLeaderEpoch: -1,
        timestamp,
      })
      const topics = [
        { name: one, partitions: [partition(0, LATEST)] },
        { name: two, partitions: [partition(0, LATEST), partition(1, EARLIEST)] },
      ]
      await scene.peer.ask(ListOffsets, VERSION, { replicaId: -1, isolationLevel: 0, topics })
    },
  ],
})
