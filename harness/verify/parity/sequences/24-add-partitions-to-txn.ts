import { AddPartitionsToTxn } from '../../../kafka/protocol/api/24-add-partitions-to-txn.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'
import { addPartitions, begin, end, isAdded, producer, readCommitted, send } from '../transaction-steps.ts'

const VERSION = 1

export const addPartitionsToTxnSequences = sequencesOf('24-add-partitions-to-txn', {
  'every-version': [
    'Partitions are added, also twice, in every version.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const writer = await producer(scene)
      for (const version of servedVersions(AddPartitionsToTxn)) {
        await scene.peer.ask(AddPartitionsToTxn, version, addPartitions(writer, { [topic]: [0] }))
      }
      await scene.peer.ask(AddPartitionsToTxn, VERSION, addPartitions(writer, { [topic]: [1] }))
    },
  ],
  'unknown-id': [
    'A transactional id that nobody has asked for is INVALID_PRODUCER_ID_MAPPING.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      const stranger = { ...writer, transactionalId: scene.name('nobody') }
      await scene.peer.ask(AddPartitionsToTxn, VERSION, addPartitions(stranger, { [topic]: [0] }))
    },
  ],
  'empty-id': [
    'The empty transactional id is INVALID_REQUEST.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await scene.peer.ask(
        AddPartitionsToTxn,
        VERSION,
        addPartitions({ ...writer, transactionalId: '' }, { [topic]: [0] }),
      )
    },
  ],
  'other-producer-id': [
    'Another producer id than that of the transactional id is INVALID_PRODUCER_ID_MAPPING.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      const stranger = { ...writer, producerId: writer.producerId + 1000n }
      await scene.peer.ask(AddPartitionsToTxn, VERSION, addPartitions(stranger, { [topic]: [0] }))
    },
  ],
  'old-epoch': [
    'An older epoch is INVALID_PRODUCER_EPOCH, and PRODUCER_FENCED from version 2 on.',
    async (scene) => {
      const topic = await scene.topic('t')
      const old = await producer(scene)
      await producer(scene)
      for (const version of servedVersions(AddPartitionsToTxn)) {
        await scene.peer.ask(AddPartitionsToTxn, version, addPartitions(old, { [topic]: [0] }))
      }
    },
  ],
  'future-epoch': [
    'An epoch that was never given is refused like an older one.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      for (const version of servedVersions(AddPartitionsToTxn)) {
        const body = addPartitions({ ...writer, producerEpoch: 5 }, { [topic]: [0] })
        await scene.peer.ask(AddPartitionsToTxn, version, body)
      }
    },
  ],
  'unknown-partition': [
    'When one partition does not exist, the others are OPERATION_NOT_ATTEMPTED.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await scene.peer.ask(AddPartitionsToTxn, VERSION, addPartitions(writer, { [topic]: [0, 7] }))
      await scene.peer.ask(
        AddPartitionsToTxn,
        VERSION,
        addPartitions(writer, { [scene.name('nobody')]: [0] }),
      )
      await send(scene, topic, writer, 0)
    },
  ],
  'no-partitions': [
    'A request without partitions has an answer without partitions.',
    async (scene) => {
      const writer = await producer(scene)
      await scene.peer.ask(AddPartitionsToTxn, VERSION, addPartitions(writer, {}))
    },
  ],
  'after-end': [
    'The next transaction begins once the one before has ended.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await send(scene, topic, writer, 0)
      await end(scene, writer, 'commit')
      await scene.peer.until(AddPartitionsToTxn, VERSION, addPartitions(writer, { [topic]: [0] }), isAdded)
      await send(scene, topic, writer, 1)
      await end(scene, writer, 'abort')
      await readCommitted(scene, topic)
    },
  ],
  'several-topics': [
    'Partitions of several topics are added together.',
    async (scene) => {
      const [one, two] = [await scene.topic('one'), await scene.topic('two', { partitions: 2 })]
      const writer = await producer(scene)
      await scene.peer.ask(AddPartitionsToTxn, VERSION, addPartitions(writer, { [two]: [1, 0], [one]: [0] }))
    },
  ],
})
