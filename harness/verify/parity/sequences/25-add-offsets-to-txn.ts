import { AddOffsetsToTxn } from '../../../kafka/protocol/api/25-add-offsets-to-txn.ts'
import { EndTxn } from '../../../kafka/protocol/api/26-end-txn.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'
import { producer } from '../transaction-steps.ts'

const VERSION = 1

export const addOffsetsToTxnSequences = sequencesOf('25-add-offsets-to-txn', {
  'every-version': [
    'A group is added, also twice, in every version.',
    async (scene) => {
      const writer = await producer(scene)
      for (const version of servedVersions(AddOffsetsToTxn)) {
        await scene.peer.ask(AddOffsetsToTxn, version, { ...writer, groupId: scene.name('g') })
      }
      await scene.peer.ask(EndTxn, 1, { ...writer, committed: true })
    },
  ],
  'unknown-id': [
    'A transactional id that nobody has asked for is INVALID_PRODUCER_ID_MAPPING.',
    async (scene) => {
      const writer = await producer(scene)
      const stranger = { ...writer, transactionalId: scene.name('nobody'), groupId: scene.name('g') }
      for (const version of servedVersions(AddOffsetsToTxn))
        await scene.peer.ask(AddOffsetsToTxn, version, stranger)
    },
  ],
  'other-producer-id': [
    'Another producer id than that of the transactional id is INVALID_PRODUCER_ID_MAPPING.',
    async (scene) => {
      const writer = await producer(scene)
      const stranger = { ...writer, producerId: writer.producerId + 1000n, groupId: scene.name('g') }
      await scene.peer.ask(AddOffsetsToTxn, VERSION, stranger)
    },
  ],
  'empty-names': [
    'An empty transactional id is INVALID_REQUEST; an empty group id is taken.',
    async (scene) => {
      const writer = await producer(scene)
      await scene.peer.ask(AddOffsetsToTxn, VERSION, {
        ...writer,
        transactionalId: '',
        groupId: scene.name('g'),
      })
      await scene.peer.ask(AddOffsetsToTxn, VERSION, { ...writer, groupId: '' })
    },
  ],
  'old-epoch': [
    'An older epoch is INVALID_PRODUCER_EPOCH, and PRODUCER_FENCED from version 2 on.',
    async (scene) => {
      const old = await producer(scene)
      await producer(scene)
      for (const version of servedVersions(AddOffsetsToTxn)) {
        await scene.peer.ask(AddOffsetsToTxn, version, { ...old, groupId: scene.name('g') })
      }
    },
  ],
})
