import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { EndTxn } from '../../../kafka/protocol/api/26-end-txn.ts'
import type { ResponseOf } from '../../../kafka/protocol/api.ts'
import { errorCode } from '../../../kafka/protocol/error-codes.ts'
import { fetch, fetchPartition } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'
import { begin, end, type Producer, producer, readCommitted, readNow, send } from '../transaction-steps.ts'

const VERSION = 1
const CONCURRENT = errorCode('CONCURRENT_TRANSACTIONS')

/** Says again how a transaction ended, once its markers are written. */
async function endAgain(scene: Scene, writer: Producer, committed: boolean): Promise<void> {
  const body = { ...writer, committed }
  await scene.peer.until(EndTxn, VERSION, body, (answer) => answer.errorCode !== CONCURRENT)
}

export const endTxnSequences = sequencesOf('26-end-txn', {
  'every-version': [
    'A transaction is committed, and another aborted, in every version.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of servedVersions(EndTxn)) {
        const writer = await producer(scene, `v${version}`)
        await begin(scene, writer, topic)
        await send(scene, topic, writer, 0, { value: 'kept' })
        await end(scene, writer, 'commit', version)
        await begin(scene, writer, topic)
        await send(scene, topic, writer, 1, { value: 'dropped' })
        await end(scene, writer, 'abort', version)
        await readCommitted(scene, topic)
      }
    },
  ],
  'nothing-begun': [
    'A transaction that has not begun cannot end: INVALID_TXN_STATE.',
    async (scene) => {
      const writer = await producer(scene)
      await end(scene, writer, 'commit')
      await end(scene, writer, 'abort')
    },
  ],
  'unknown-id': [
    'A transactional id that nobody has asked for is INVALID_PRODUCER_ID_MAPPING; the empty one INVALID_REQUEST.',
    async (scene) => {
      const writer = await producer(scene)
      await end(scene, { ...writer, transactionalId: scene.name('nobody') }, 'commit')
      await end(scene, { ...writer, transactionalId: '' }, 'commit')
      await end(scene, { ...writer, producerId: writer.producerId + 1000n }, 'commit')
    },
  ],
  'old-epoch': [
    'An older epoch is INVALID_PRODUCER_EPOCH, and PRODUCER_FENCED from version 2 on.',
    async (scene) => {
      const old = await producer(scene)
      await producer(scene)
      for (const version of servedVersions(EndTxn)) await end(scene, old, 'commit', version)
    },
  ],
  'future-epoch': [
    'An epoch that was never given is refused like an older one.',
    async (scene) => {
      const writer = await producer(scene)
      for (const version of servedVersions(EndTxn))
        await end(scene, { ...writer, producerEpoch: 9 }, 'abort', version)
    },
  ],
  'committed-twice': [
    'The same end said again is no error; the other end is INVALID_TXN_STATE.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await send(scene, topic, writer, 0)
      await end(scene, writer, 'commit')
      await endAgain(scene, writer, true)
      await endAgain(scene, writer, false)
      await readCommitted(scene, topic)
    },
  ],
  'aborted-twice': [
    'An abort said again is no error; a commit after it is INVALID_TXN_STATE.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await begin(scene, writer, topic)
      await send(scene, topic, writer, 0)
      await end(scene, writer, 'abort')
      await endAgain(scene, writer, false)
      await endAgain(scene, writer, true)
      await readCommitted(scene, topic)
    },
  ],
  'several-partitions': [
    'Every partition of a transaction gets a marker, which takes an offset; others do not.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 3 })
      const other = await scene.topic('u')
      const writer = await producer(scene)
      for (const partition of [0, 2]) await begin(scene, writer, topic, partition)
      await send(scene, topic, writer, 0, { index: 2 })
      await end(scene, writer, 'commit')
      // In the first partition the marker is all that there is.
      const marked = ({ responses }: ResponseOf<typeof Fetch>) =>
        responses[0]?.partitions.every((one) => one.highWatermark > 0n) ?? false
      await scene.peer.until(
        Fetch,
        11,
        fetch(
          topic,
          [0, 2].map((partition) => fetchPartition(0n, { partition })),
        ),
        marked,
      )
      await readNow(scene, other)
    },
  ],
})
