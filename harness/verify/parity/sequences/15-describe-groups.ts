import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import { commit, describe, joined, memberId, stable, stablePair } from '../group-steps.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 4

export const describeGroupsSequences = sequencesOf('15-describe-groups', {
  'every-version': [
    'A stable group is described with its members in every version.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId, { groupInstanceId: 'shelf-1' })
      for (const version of servedVersions(DescribeGroups)) {
        await scene.peer.ask(DescribeGroups, version, describe(groupId))
      }
    },
  ],
  unknown: [
    'A group that does not exist is Dead.',
    async (scene) => {
      for (const version of servedVersions(DescribeGroups)) {
        await scene.peer.ask(DescribeGroups, version, describe(scene.name('nobody')))
      }
      await scene.peer.ask(DescribeGroups, VERSION, describe(''))
    },
  ],
  operations: [
    'Who asks for the operations that are allowed is told them.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId)
      const groups = [groupId, scene.name('nobody')]
      await scene.peer.ask(DescribeGroups, VERSION, { groups, includeAuthorizedOperations: true })
      await scene.peer.ask(DescribeGroups, 3, { groups, includeAuthorizedOperations: true })
    },
  ],
  'simple-group': [
    'A group that only has offsets is Empty, without a type.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, 7, commit(groupId, topic))
      await scene.peer.ask(DescribeGroups, VERSION, describe(groupId))
    },
  ],
  completing: [
    'While a group waits for its leader, members have no metadata and no shares.',
    async (scene) => {
      const groupId = scene.name('g')
      await joined(scene, groupId)
      await scene.peer.ask(DescribeGroups, VERSION, describe(groupId))
    },
  ],
  'pending-only': [
    'A group whose only member has not joined yet is Empty.',
    async (scene) => {
      const groupId = scene.name('g')
      await memberId(scene.peer, groupId)
      await scene.peer.ask(DescribeGroups, VERSION, describe(groupId))
    },
  ],
  several: [
    'Several groups are described in one answer, in the order of the request.',
    async (scene) => {
      const [one, two] = [scene.name('one'), scene.name('two')]
      await stablePair(scene, two, [{ groupInstanceId: 'shelf-1' }, { groupInstanceId: 'shelf-2' }])
      await stable(scene, one)
      await scene.peer.ask(DescribeGroups, VERSION, describe(two, scene.name('nobody'), one))
    },
  ],
})
