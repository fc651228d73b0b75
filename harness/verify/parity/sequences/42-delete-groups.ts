import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import { DeleteGroups } from '../../../kafka/protocol/api/42-delete-groups.ts'
import { commit, describe, joined, leave, stable } from '../group-steps.ts'
import { offsets } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 1

export const deleteGroupsSequences = sequencesOf('42-delete-groups', {
  'every-version': [
    'A group without members is deleted with its offsets, in every version.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of servedVersions(DeleteGroups)) {
        const groupId = scene.name(`v${version}`)
        await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic))
        await scene.peer.ask(DeleteGroups, version, { groupsNames: [groupId] })
        await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0]))
        await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      }
    },
  ],
  unknown: [
    'A group that does not exist is GROUP_ID_NOT_FOUND.',
    async (scene) => {
      await scene.peer.ask(DeleteGroups, VERSION, { groupsNames: [scene.name('nobody')] })
    },
  ],
  'empty-id': [
    'The empty name is refused.',
    async (scene) => {
      await scene.peer.ask(DeleteGroups, VERSION, { groupsNames: [''] })
    },
  ],
  'with-members': [
    'A group with members is NON_EMPTY_GROUP, whatever its state.',
    async (scene) => {
      const [one, two] = [scene.name('stable'), scene.name('completing')]
      await stable(scene, one)
      await joined(scene, two)
      for (const groupId of [one, two])
        await scene.peer.ask(DeleteGroups, VERSION, { groupsNames: [groupId] })
      await scene.peer.ask(DescribeGroups, 4, describe(one))
    },
  ],
  'after-leaving': [
    'A group can be deleted once its members have left, and only once.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId } = await stable(scene, groupId)
      await scene.peer.ask(LeaveGroup, 3, leave(groupId, memberId))
      for (let round = 0; round < 2; round++) {
        await scene.peer.ask(DeleteGroups, VERSION, { groupsNames: [groupId] })
      }
    },
  ],
  nothing: [
    'A request without names has an answer without names.',
    async (scene) => {
      await scene.peer.ask(DeleteGroups, VERSION, { groupsNames: [] })
    },
  ],
})
