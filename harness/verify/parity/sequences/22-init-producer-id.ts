import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { InitProducerId } from '../../../kafka/protocol/api/22-init-producer-id.ts'
import { type BatchContent, writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { fetch, produce, record } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'
import { init } from '../transaction-steps.ts'

const VERSION = 1

/** An idempotent producer's way of sending `count` records from a sequence number on, on one topic. */
async function idempotent(scene: Scene) {
  const topic = await scene.topic('t')
  const { producerId } = await scene.peer.ask(InitProducerId, VERSION, init(null))
  return {
    topic,
    async send(baseSequence: number, given: Partial<BatchContent> & { count?: number } = {}): Promise<void> {
      const { count = 1, ...content } = given
      const records = Array.from({ length: count }, (_, index) =>
        record(scene.time(index), 'k', `${baseSequence}`),
      )
      const batch = writeBatch({ records, producerId, producerEpoch: 0, baseSequence, ...content })
      await scene.peer.ask(Produce, 8, produce(topic, batch))
    },
  }
}

export const initProducerIdSequences = sequencesOf('22-init-producer-id', {
  'every-version': [
    'An idempotent producer gets an id and epoch 0, in every version.',
    async (scene) => {
      for (const version of servedVersions(InitProducerId)) {
        await scene.peer.ask(InitProducerId, version, init(null))
        await scene.peer.ask(InitProducerId, version, init(null))
      }
    },
  ],
  transactional: [
    'A transactional id keeps its producer id, and its epoch grows each time.',
    async (scene) => {
      const body = init(scene.name('writer'))
      for (let round = 0; round < 3; round++) await scene.peer.ask(InitProducerId, VERSION, body)
      await scene.peer.ask(InitProducerId, VERSION, init(scene.name('other')))
    },
  ],
  'empty-id': [
    'The empty transactional id is INVALID_REQUEST.',
    async (scene) => {
      for (const version of servedVersions(InitProducerId))
        await scene.peer.ask(InitProducerId, version, init(''))
    },
  ],
  'invalid-timeout': [
    'A timeout of nothing, or longer than the broker allows, is INVALID_TRANSACTION_TIMEOUT.',
    async (scene) => {
      for (const transactionTimeoutMs of [0, -1, 900_001, 900_000]) {
        await scene.peer.ask(InitProducerId, VERSION, init(scene.name('writer'), { transactionTimeoutMs }))
      }
    },
  ],
  'timeout-without-id': [
    'Without a transactional id the timeout does not matter.',
    async (scene) => {
      await scene.peer.ask(InitProducerId, VERSION, init(null, { transactionTimeoutMs: 0 }))
    },
  ],
  'sequence-numbers': [
    'Sequence numbers go on from batch to batch.',
    async (scene) => {
      const { topic, send } = await idempotent(scene)
      await send(0, { count: 3 })
      await send(3)
      await send(4)
      await scene.peer.ask(Fetch, 11, fetch(topic))
    },
  ],
  duplicate: [
    'A batch that is sent again is answered as before, and stored once.',
    async (scene) => {
      const { topic, send } = await idempotent(scene)
      await send(0, { count: 2 })
      await send(2)
      await send(0, { count: 2 })
      await scene.peer.ask(Fetch, 11, fetch(topic))
    },
  ],
  'old-duplicate': [
    'Of the last five batches a duplicate is known; an older one is OUT_OF_ORDER_SEQUENCE_NUMBER.',
    async (scene) => {
      const { send } = await idempotent(scene)
      for (let sequence = 0; sequence < 6; sequence++) await send(sequence)
      await send(1)
      await send(0)
    },
  ],
  gap: [
    'A gap in the sequence numbers is OUT_OF_ORDER_SEQUENCE_NUMBER.',
    async (scene) => {
      const { send } = await idempotent(scene)
      await send(0)
      await send(2)
      await send(1)
    },
  ],
  'first-sequence': [
    'A producer that the log does not know may start with any sequence number.',
    async (scene) => {
      const { send } = await idempotent(scene)
      await send(7)
      await send(8)
    },
  ],
  'new-epoch': [
    'A new epoch must start at sequence number 0.',
    async (scene) => {
      const { send } = await idempotent(scene)
      await send(0)
      await send(1, { producerEpoch: 1 })
      await send(0, { producerEpoch: 1 })
    },
  ],
  'old-epoch': [
    'An older epoch is INVALID_PRODUCER_EPOCH.',
    async (scene) => {
      const { send } = await idempotent(scene)
      await send(0, { producerEpoch: 3 })
      await send(1, { producerEpoch: 2 })
    },
  ],
  wraps: [
    'After the highest sequence number comes 0.',
    async (scene) => {
      const { send } = await idempotent(scene)
      await send(2 ** 31 - 2, { count: 2 })
      await send(0)
      await send(1)
    },
  ],
  'no-sequence': [
    'A producer id without a sequence number is INVALID_RECORD.',
    async (scene) => {
      const { send } = await idempotent(scene)
      await send(-1)
    },
  ],
})
