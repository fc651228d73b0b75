import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { FindCoordinator } from '../../../kafka/protocol/api/10-find-coordinator.ts'
import { metadata } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const GROUP = 0
const TRANSACTION = 1

function find(key: string, keyType = GROUP) {
  return { key, keyType, coordinatorKeys: [key] }
}

export const findCoordinatorSequences = sequencesOf('10-find-coordinator', {
  'every-version': [
    'The coordinator of a group is a node of the cluster, in every version.',
    async (scene) => {
      await scene.peer.ask(Metadata, 8, metadata([]))
      for (const version of servedVersions(FindCoordinator)) {
        await scene.peer.ask(FindCoordinator, version, find(scene.name('g')))
      }
    },
  ],
  transaction: [
    'A transactional id has a coordinator, too.',
    async (scene) => {
      await scene.peer.ask(Metadata, 8, metadata([]))
      for (const version of servedVersions(FindCoordinator).filter((one) => one >= 1)) {
        await scene.peer.ask(FindCoordinator, version, find(scene.name('writer'), TRANSACTION))
      }
    },
  ],
  'unknown-type': [
    'Another kind of coordinator is INVALID_REQUEST.',
    async (scene) => {
      for (const version of servedVersions(FindCoordinator).filter((one) => one >= 1)) {
        await scene.peer.ask(FindCoordinator, version, find(scene.name('g'), 9))
      }
    },
  ],
  'empty-key': [
    'The empty name has a coordinator like any other.',
    async (scene) => {
      await scene.peer.ask(FindCoordinator, 2, find(''))
      await scene.peer.ask(FindCoordinator, 2, find('', TRANSACTION))
    },
  ],
  'same-for-all-clients': [
    'Every client is sent to the same node.',
    async (scene) => {
      const other = await scene.connect({ clientId: 'other' })
      await scene.peer.ask(FindCoordinator, 2, find(scene.name('g')))
      await other.ask(FindCoordinator, 2, find(scene.name('g')))
    },
  ],
})
