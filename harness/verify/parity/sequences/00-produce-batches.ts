import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { crc32c } from '../../../kafka/protocol/crc32c.ts'
import { type BatchContent, writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { fetch, produce, record } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 8
const ATTRIBUTES_AT = 21
const CRC_AT = 17

/** One batch of records at the sequence's start. */
function batch(scene: Scene, values: string[] = ['a'], given: Partial<BatchContent> = {}): Buffer {
  const records = values.map((value, index) => record(scene.time(index), `key-${index}`, value))
  return writeBatch({ records, ...given })
}

/** Changes bytes of a batch and makes its checksum right again. */
function tampered(bytes: Buffer, change: (bytes: Buffer) => void): Buffer {
  change(bytes)
  bytes.writeUInt32BE(crc32c(bytes.subarray(ATTRIBUTES_AT)), CRC_AT)
  return bytes
}

/** Sends one batch that is refused, and looks at what the log holds then. */
async function refused(scene: Scene, records: Buffer | null, version = VERSION, configs = {}): Promise<void> {
  const topic = await scene.topic('t', { configs })
  await scene.peer.ask(Produce, version, produce(topic, records))
  await scene.peer.ask(Fetch, 11, fetch(topic))
}

export const produceBatchesSequences = sequencesOf('00-produce-batches', {
  corrupt: [
    'A batch whose checksum is wrong is CORRUPT_MESSAGE.',
    async (scene) => {
      const bytes = batch(scene)
      bytes.writeUInt32BE(1, CRC_AT)
      await refused(scene, bytes)
    },
  ],
  'future-magic': [
    'A batch of a format that does not exist yet is CORRUPT_MESSAGE.',
    (scene) =>
      refused(
        scene,
        tampered(batch(scene), (bytes) => bytes.writeInt8(3, 16)),
      ),
  ],
  'old-magic': [
    'A batch of the old format is INVALID_RECORD.',
    (scene) =>
      refused(
        scene,
        tampered(batch(scene), (bytes) => bytes.writeInt8(1, 16)),
      ),
  ],
  'two-batches': [
    'Two batches for one partition are INVALID_RECORD.',
    (scene) => refused(scene, Buffer.concat([batch(scene), batch(scene)])),
  ],
  'base-offset': [
    'A batch that does not start at offset 0 is INVALID_RECORD.',
    (scene) => refused(scene, batch(scene, ['a'], { baseOffset: 5n })),
  ],
  'last-offset-delta': [
    'A batch whose last offset does not fit to its count is INVALID_RECORD.',
    (scene) =>
      refused(
        scene,
        tampered(batch(scene), (bytes) => bytes.writeInt32BE(4, 23)),
      ),
  ],
  'control-batch': [
    'A control batch from a client is INVALID_RECORD.',
    (scene) => refused(scene, batch(scene, ['a'], { control: true })),
  ],
  'empty-batch': ['A batch without records is INVALID_RECORD.', (scene) => refused(scene, batch(scene, []))],
  'garbled-records': [
    'Records that cannot be read are INVALID_RECORD, though the checksum is right.',
    (scene) =>
      refused(
        scene,
        tampered(batch(scene), (bytes) => bytes.writeInt8(0x7f, 61)),
      ),
  ],
  'unknown-codec': [
    'A codec that does not exist is UNKNOWN_SERVER_ERROR.',
    (scene) =>
      refused(
        scene,
        tampered(batch(scene), (bytes) => bytes.writeInt16BE(5, ATTRIBUTES_AT)),
      ),
  ],
  gzip: [
    'A batch packed with gzip is stored as it came.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(
        Produce,
        VERSION,
        produce(topic, batch(scene, ['a', 'b', 'c'], { compression: 'gzip' })),
      )
      await scene.peer.ask(Fetch, 11, fetch(topic))
    },
  ],
  'gzip-broken': [
    'Records that cannot be unpacked are UNKNOWN_SERVER_ERROR.',
    (scene) =>
      refused(
        scene,
        tampered(batch(scene, ['a'], { compression: 'gzip' }), (bytes) => bytes.fill(0, 61)),
      ),
  ],
  'zstd-old-version': [
    'A batch packed with zstd is UNSUPPORTED_COMPRESSION_TYPE below version 7.',
    (scene) =>
      refused(
        scene,
        tampered(batch(scene), (bytes) => bytes.writeInt16BE(4, ATTRIBUTES_AT)),
        6,
      ),
  ],
  'too-large': [
    'A batch above max.message.bytes is MESSAGE_TOO_LARGE.',
    (scene) => refused(scene, batch(scene, ['x'.repeat(2000)]), VERSION, { 'max.message.bytes': '1000' }),
  ],
  'larger-than-segment': [
    'A batch above segment.bytes is RECORD_LIST_TOO_LARGE.',
    (scene) =>
      refused(scene, batch(scene, ['x'.repeat(1_100_000)]), VERSION, {
        'max.message.bytes': '2000000',
        'segment.bytes': '1048576',
      }),
  ],
  'compacted-without-key': [
    'A record without a key is INVALID_RECORD in a compacted topic, and the answer names it.',
    async (scene) => {
      const topic = await scene.topic('t', { configs: { 'cleanup.policy': 'compact' } })
      const records = [record(scene.time(0), 'k'), record(scene.time(0), null), record(scene.time(0), null)]
      for (const version of servedVersions(Produce).filter((one) => one >= 7)) {
        await scene.peer.ask(Produce, version, produce(topic, writeBatch({ records })))
      }
    },
  ],
  'timestamp-too-late': [
    'A record from the future is INVALID_TIMESTAMP.',
    async (scene) => {
      const topic = await scene.topic('t', { configs: { 'message.timestamp.after.max.ms': '1000' } })
      const records = [record(scene.time(0)), record(scene.time(86_400_000))]
      const { topicData } = produce(topic, writeBatch({ records }))
      await scene.peer.ask(Produce, 3, produce(topic, null, { topicData }))
    },
  ],
  'timestamp-too-early': [
    'A record from long ago is INVALID_TIMESTAMP where the topic says so.',
    async (scene) => {
      const topic = await scene.topic('t', { configs: { 'message.timestamp.before.max.ms': '1000' } })
      await scene.peer.ask(Produce, 5, produce(topic, batch(scene)))
    },
  ],
})
