import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { TxnOffsetCommit } from '../../../kafka/protocol/api/28-txn-offset-commit.ts'
import { commit, stable } from '../group-steps.ts'
import { offsets } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'
import { beginWithOffsets, end, producer, txnCommit } from '../transaction-steps.ts'

const VERSION = 2

/** Waits until the offset of partition 0 is this one: the marker comes after the answer to EndTxn. */
async function untilCommitted(scene: Scene, groupId: string, topic: string, offset: bigint): Promise<void> {
  await scene.peer.until(
    OffsetFetch,
    5,
    offsets(groupId, topic, [0]),
    ({ topics }) => topics[0]?.partitions[0]?.committedOffset === offset,
  )
}

export const txnOffsetCommitSequences = sequencesOf('28-txn-offset-commit', {
  'every-version': [
    'Offsets count when the transaction is committed, and not before, in every version.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of servedVersions(TxnOffsetCommit)) {
        const groupId = scene.name(`v${version}`)
        const writer = await producer(scene, `w${version}`)
        await beginWithOffsets(scene, writer, groupId)
        await scene.peer.ask(TxnOffsetCommit, version, txnCommit(writer, groupId, topic))
        await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0]))
        await end(scene, writer, 'commit')
        await untilCommitted(scene, groupId, topic, 5n)
      }
    },
  ],
  aborted: [
    'Offsets of an aborted transaction are forgotten; what was committed before stays.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic, { offset: 2n }))
      const writer = await producer(scene)
      await beginWithOffsets(scene, writer, groupId)
      await scene.peer.ask(TxnOffsetCommit, VERSION, txnCommit(writer, groupId, topic))
      await end(scene, writer, 'abort')
      await beginWithOffsets(scene, writer, groupId)
      await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0]))
    },
  ],
  'not-stable-yet': [
    'Whoever asks for stable offsets only is told UNSTABLE_OFFSET_COMMIT while a transaction is open.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const writer = await producer(scene)
      await beginWithOffsets(scene, writer, groupId)
      await scene.peer.ask(TxnOffsetCommit, VERSION, txnCommit(writer, groupId, topic))
      const stableOnly = { ...offsets(groupId, topic, [0]), requireStable: true }
      for (const version of servedVersions(OffsetFetch).filter((one) => one >= 7)) {
        await scene.peer.ask(OffsetFetch, version, stableOnly)
      }
    },
  ],
  'group-not-added': [
    'A group that is not in the transaction is INVALID_TXN_STATE.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await scene.peer.ask(TxnOffsetCommit, VERSION, txnCommit(writer, scene.name('g'), topic))
    },
  ],
  'empty-group-id': [
    'An empty group id is INVALID_GROUP_ID.',
    async (scene) => {
      const topic = await scene.topic('t')
      const writer = await producer(scene)
      await scene.peer.ask(TxnOffsetCommit, VERSION, txnCommit(writer, '', topic))
    },
  ],
  'unknown-partition': [
    'A partition that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const writer = await producer(scene)
      await beginWithOffsets(scene, writer, groupId)
      await scene.peer.ask(TxnOffsetCommit, VERSION, txnCommit(writer, groupId, topic, 5n, 7))
    },
  ],
  'other-producers': [
    'Another epoch or producer id than that of the transactional id is refused.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const writer = await producer(scene)
      await beginWithOffsets(scene, writer, groupId)
      for (const stranger of [
        { ...writer, producerEpoch: writer.producerEpoch + 1 },
        { ...writer, producerId: writer.producerId + 1000n },
        { ...writer, transactionalId: scene.name('nobody') },
      ]) {
        await scene.peer.ask(TxnOffsetCommit, VERSION, txnCommit(stranger, groupId, topic))
      }
    },
  ],
  'group-with-members': [
    'A group with members takes the offsets without a look at them.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await stable(scene, groupId)
      const writer = await producer(scene)
      await beginWithOffsets(scene, writer, groupId)
      await scene.peer.ask(TxnOffsetCommit, VERSION, txnCommit(writer, groupId, topic))
      await end(scene, writer, 'commit')
      await untilCommitted(scene, groupId, topic, 5n)
    },
  ],
  'plain-commit-between': [
    'Of a commit outside and one inside a transaction, the one that was written last holds.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const writer = await producer(scene)
      await beginWithOffsets(scene, writer, groupId)
      await scene.peer.ask(TxnOffsetCommit, VERSION, txnCommit(writer, groupId, topic, 5n))
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic, { offset: 9n }))
      await end(scene, writer, 'commit')
      await beginWithOffsets(scene, writer, groupId)
      await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0]))
    },
  ],
  'metadata-too-large': [
    'Metadata longer than the broker allows is OFFSET_METADATA_TOO_LARGE.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const writer = await producer(scene)
      await beginWithOffsets(scene, writer, groupId)
      const partition = {
        partitionIndex: 0,
        committedOffset: 1n,
        committedLeaderEpoch: -1,
        committedMetadata: 'x'.repeat(101),
      }
      const topics = [{ name: topic, partitions: [partition] }]
      await scene.peer.ask(TxnOffsetCommit, VERSION, { ...txnCommit(writer, groupId, topic), topics })
    },
  ],
  'several-topics': [
    'Offsets of several topics and partitions are committed together.',
    async (scene) => {
      const [one, two] = [await scene.topic('one'), await scene.topic('two', { partitions: 2 })]
      const groupId = scene.name('g')
      const writer = await producer(scene)
      await beginWithOffsets(scene, writer, groupId)
      const body = txnCommit(writer, groupId, one)
      const of = (topic: string, ...indexes: number[]) => ({
        name: topic,
        partitions: indexes.flatMap(
          (index) => txnCommit(writer, groupId, topic, 5n, index).topics[0]?.partitions ?? [],
        ),
      })
      await scene.peer.ask(TxnOffsetCommit, VERSION, { ...body, topics: [of(two, 1, 0), of(one, 0)] })
    },
  ],
})
