import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { OffsetForLeaderEpoch } from '../../../kafka/protocol/api/23-offset-for-leader-epoch.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { produce, record } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 3

function ask(topic: string, leaderEpoch: number, currentLeaderEpoch = -1, partition = 0) {
  return { replicaId: -2, topics: [{ topic, partitions: [{ partition, currentLeaderEpoch, leaderEpoch }] }] }
}

export const offsetForLeaderEpochSequences = sequencesOf('23-offset-for-leader-epoch', {
  'every-version': [
    'The epoch of the leader ends where the log does, in every version.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.quietly(Produce, 8, produce(topic, writeBatch({ records: [record(scene.time(0))] })))
      for (const version of servedVersions(OffsetForLeaderEpoch)) {
        await scene.peer.ask(OffsetForLeaderEpoch, version, ask(topic, 0))
      }
    },
  ],
  'future-epoch': [
    'An epoch that was never there has no end.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const epoch of [5, -1]) await scene.peer.ask(OffsetForLeaderEpoch, VERSION, ask(topic, epoch))
    },
  ],
  'empty-log': [
    'An epoch without records has its end at the end of the log.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(OffsetForLeaderEpoch, VERSION, ask(topic, 0))
    },
  ],
  unknown: [
    'A topic or partition that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(OffsetForLeaderEpoch, VERSION, ask(scene.name('nobody'), 0))
      await scene.peer.ask(OffsetForLeaderEpoch, VERSION, ask(topic, 0, -1, 9))
    },
  ],
  'current-epoch': [
    'A client that knows a later leader than there is hears UNKNOWN_LEADER_EPOCH.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const current of [0, 3])
        await scene.peer.ask(OffsetForLeaderEpoch, VERSION, ask(topic, 0, current))
    },
  ],
})
