import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { InitProducerId } from '../../../kafka/protocol/api/22-init-producer-id.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { fetch, listOffset, metadata, produce, record } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { begin, end, init, producer, readCommitted, readNow, send, sendBody } from '../transaction-steps.ts'

const COMMITTED = 1
const UNCOMMITTED = 0

export const transactionsSequences = sequencesOf('transactions', {
  committed: [
    'A committed transaction: its records, then a marker, and the last stable offset follows.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await send(scene, topic, writer, 0)
      await readNow(scene, topic)
      await readNow(scene, topic, UNCOMMITTED)
      await end(scene, writer, 'commit')
      await readCommitted(scene, topic)
    },
  ],
  aborted: [
    'An aborted transaction is named to read_committed readers, and only to them.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await send(scene, topic, writer, 0)
      await send(scene, topic, writer, 1)
      await end(scene, writer, 'abort')
      await readCommitted(scene, topic)
      await readNow(scene, topic, UNCOMMITTED)
      await readCommitted(scene, topic, 1n)
      await readCommitted(scene, topic, 3n)
    },
  ],
  'partition-not-added': [
    'A record for a partition that is not in the transaction is INVALID_TXN_STATE.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await send(scene, topic, writer, 0)
      await readNow(scene, topic)
    },
  ],
  'after-end': [
    'A record after the end of its transaction is INVALID_TXN_STATE.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await send(scene, topic, writer, 0)
      await end(scene, writer, 'commit')
      await readCommitted(scene, topic)
      await send(scene, topic, writer, 1)
    },
  ],
  'plain-batch-inside': [
    'A batch outside of the transaction that its producer has open is INVALID_TXN_STATE.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await send(scene, topic, writer, 0)
      await send(scene, topic, writer, 1, { transactional: false })
    },
  ],
  'no-transactional-id': [
    'A transactional batch in a request without a transactional id is refused.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await scene.peer.ask(Produce, 8, { ...sendBody(scene, topic, writer, 0), transactionalId: null })
    },
  ],
  fenced: [
    'A new producer with the same transactional id aborts the transaction of the old one, and fences it.',
    async (scene) => {
      const topic = await scene.topic('t')
      const old = await producer(scene)
      await begin(scene, old, topic)
      await send(scene, topic, old, 0)
      await producer(scene)
      await readCommitted(scene, topic)
      await send(scene, topic, old, 1)
      await end(scene, old, 'commit')
      await end(scene, old, 'commit', 2)
    },
  ],
  concurrent: [
    'Whoever takes over while a transaction is open is told CONCURRENT_TRANSACTIONS first.',
    async (scene) => {
      const topic = await scene.topic('t')
      const old = await producer(scene)
      await begin(scene, old, topic)
      await send(scene, topic, old, 0)
      await scene.peer.ask(InitProducerId, 1, init(old.transactionalId))
      const next = await producer(scene)
      await begin(scene, next, topic)
      await send(scene, topic, next, 0)
      await end(scene, next, 'commit')
      await readCommitted(scene, topic)
    },
  ],
  'timed-out': [
    'A transaction that takes too long is aborted, and its producer fenced.',
    async (scene) => {
      const topic = await scene.topic('t')
      const slow = await producer(scene, 'slow', 300)
      await begin(scene, slow, topic)
      await send(scene, topic, slow, 0)
      await readCommitted(scene, topic)
      await send(scene, topic, slow, 1)
      await end(scene, slow, 'commit')
      await end(scene, slow, 'commit', 2)
      await producer(scene, 'slow')
    },
  ],
  interleaved: [
    'The last stable offset waits for the oldest open transaction; the others are told apart.',
    async (scene) => {
      const topic = await scene.topic('t')
      const [one, two] = [await producer(scene, 'one'), await producer(scene, 'two')]
      await begin(scene, one, topic)
      await begin(scene, two, topic)
      await send(scene, topic, one, 0)
      await send(scene, topic, two, 0)
      await end(scene, two, 'abort')
      await scene.peer.until(
        Fetch,
        11,
        fetch(topic),
        ({ responses }) => responses[0]?.partitions[0]?.highWatermark === 3n,
      )
      await readNow(scene, topic)
      await scene.peer.ask(ListOffsets, 5, listOffset(topic, -1n, { isolationLevel: COMMITTED }))
      await scene.peer.ask(ListOffsets, 5, listOffset(topic, -1n))
      await end(scene, one, 'commit')
      await readCommitted(scene, topic)
    },
  ],
  'wakes-reader': [
    'A read_committed fetch that waits gets the records when the transaction ends.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await send(scene, topic, writer, 0)
      const reader = await scene.connect()
      const body = fetch(topic, undefined, { isolationLevel: COMMITTED, maxWaitMs: 20_000 })
      const waiting = reader.send(Fetch, 11, body)
      await scene.peer.ask(Metadata, 8, metadata([]))
      scene.note('it waits', !waiting.isAnswered())
      await end(scene, writer, 'commit')
      await waiting.answer
    },
  ],
  'by-time': [
    'A time behind the last stable offset is not found by read_committed readers.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.quietly(Produce, 8, produce(topic, writeBatch({ records: [record(scene.time(0))] })))
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await send(scene, topic, writer, 5)
      for (const isolationLevel of [UNCOMMITTED, COMMITTED]) {
        await scene.peer.ask(ListOffsets, 5, listOffset(topic, scene.time(5), { isolationLevel }))
      }
    },
  ],
  empty: [
    'A transaction without records still gets its marker.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await end(scene, writer, 'commit')
      const marked = fetch(topic, undefined, { isolationLevel: COMMITTED })
      await scene.peer.until(
        Fetch,
        11,
        marked,
        ({ responses }) => responses[0]?.partitions[0]?.highWatermark === 1n,
      )
    },
  ],
  retried: [
    'A transactional batch that is sent again is answered as before.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      for (const sequence of [0, 1, 0, 1, 3]) await send(scene, topic, writer, sequence)
      await end(scene, writer, 'commit')
      await readCommitted(scene, topic)
    },
  ],
})
