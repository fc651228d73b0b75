import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { ListGroups } from '../../../kafka/protocol/api/16-list-groups.ts'
import { commit, joined, leave, memberId, stable } from '../group-steps.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const ALL = { statesFilter: [], typesFilter: [] }
const VERSION = 5

export const listGroupsSequences = sequencesOf('16-list-groups', {
  'every-version': [
    'A group is listed in every version.',
    async (scene) => {
      await stable(scene, scene.name('g'))
      for (const version of servedVersions(ListGroups)) await scene.peer.askOwn(ListGroups, version, ALL)
    },
  ],
  'by-state': [
    'Groups can be chosen by their state, in any case.',
    async (scene) => {
      await stable(scene, scene.name('g'))
      for (const statesFilter of [['Stable'], ['stable', 'Empty'], ['Empty'], ['CompletingRebalance']]) {
        await scene.peer.askOwn(ListGroups, VERSION, { statesFilter, typesFilter: [] })
      }
    },
  ],
  'by-type': [
    'Groups can be chosen by their type.',
    async (scene) => {
      await stable(scene, scene.name('g'))
      for (const typesFilter of [['classic'], ['CLASSIC'], ['consumer']]) {
        await scene.peer.askOwn(ListGroups, VERSION, { statesFilter: [], typesFilter })
      }
    },
  ],
  'unknown-words': [
    'A state or type that does not exist chooses nothing.',
    async (scene) => {
      await stable(scene, scene.name('g'))
      await scene.peer.askOwn(ListGroups, VERSION, { statesFilter: ['Asleep'], typesFilter: [] })
      await scene.peer.askOwn(ListGroups, VERSION, { statesFilter: [], typesFilter: ['modern'] })
    },
  ],
  completing: [
    'A group that waits for its leader is CompletingRebalance.',
    async (scene) => {
      await joined(scene, scene.name('g'))
      await scene.peer.askOwn(ListGroups, VERSION, ALL)
    },
  ],
  empty: [
    'A group that everybody left stays, with its type of protocol.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId)
      await scene.peer.ask(LeaveGroup, 3, leave(groupId, id))
      await scene.peer.askOwn(ListGroups, VERSION, ALL)
    },
  ],
  'simple-group': [
    'A group that only has offsets is listed without a type of protocol.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(OffsetCommit, 7, commit(scene.name('g'), topic))
      await scene.peer.askOwn(ListGroups, VERSION, ALL)
    },
  ],
  'pending-only': [
    'A group whose only member has not joined yet is listed as Empty.',
    async (scene) => {
      await memberId(scene.peer, scene.name('g'))
      await scene.peer.askOwn(ListGroups, VERSION, ALL)
    },
  ],
  several: [
    'All groups are listed, whatever their state.',
    async (scene) => {
      await stable(scene, scene.name('two'))
      await joined(scene, scene.name('one'))
      await scene.peer.askOwn(ListGroups, VERSION, ALL)
    },
  ],
})
