import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import { describe, joined, leave, memberId, stable, stablePair, untilState } from '../group-steps.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 3

export const leaveGroupSequences = sequencesOf('13-leave-group', {
  'every-version': [
    'A member leaves in every version, and cannot leave twice.',
    async (scene) => {
      for (const version of servedVersions(LeaveGroup)) {
        const groupId = scene.name(`v${version}`)
        const { memberId: id } = await stable(scene, groupId)
        await scene.peer.ask(LeaveGroup, version, leave(groupId, id))
        await scene.peer.ask(LeaveGroup, version, leave(groupId, id))
        await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      }
    },
  ],
  'no-such-group': [
    'Nobody can leave a group that does not exist, and an empty name is INVALID_GROUP_ID.',
    async (scene) => {
      for (const version of [2, VERSION]) {
        await scene.peer.ask(LeaveGroup, version, leave(scene.name('nobody'), 'ghost'))
        await scene.peer.ask(LeaveGroup, version, leave('', 'ghost'))
      }
    },
  ],
  nobody: [
    'A request that names nobody has an answer that names nobody.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId)
      await scene.peer.ask(LeaveGroup, VERSION, leave(groupId))
      await scene.peer.ask(LeaveGroup, VERSION, leave(scene.name('nobody')))
    },
  ],
  'several-members': [
    'Several members leave in one request; whoever is unknown does not hinder the others.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first, second] = await stablePair(scene, groupId)
      scene.note('who leads, who follows', [first.memberId, second.memberId])
      await scene.peer.ask(LeaveGroup, VERSION, leave(groupId, second.memberId, 'ghost', first.memberId))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'one-of-two': [
    'When one of two members leaves, the group rebalances.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first, second] = await stablePair(scene, groupId)
      await scene.peer.ask(LeaveGroup, VERSION, leave(groupId, second.memberId))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      await scene.peer.ask(LeaveGroup, VERSION, leave(groupId, first.memberId))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'while-completing': [
    'The only member leaves before it has synced.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId: id } = await joined(scene, groupId)
      await scene.peer.ask(LeaveGroup, VERSION, leave(groupId, id))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'pending-member': [
    'A member that has only got its id can leave.',
    async (scene) => {
      const groupId = scene.name('g')
      const id = await memberId(scene.peer, groupId)
      await scene.peer.ask(LeaveGroup, VERSION, leave(groupId, id))
      await scene.peer.ask(LeaveGroup, VERSION, leave(groupId, id))
    },
  ],
  'static-member': [
    'A static member can be made to leave by its instance id alone, but not with a wrong member id.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId, { groupInstanceId: 'shelf-1' })
      for (const [id, instance] of [
        ['ghost', 'shelf-1'],
        ['', 'shelf-2'],
        ['', 'shelf-1'],
      ] as const) {
        const members = [{ memberId: id, groupInstanceId: instance }]
        await scene.peer.ask(LeaveGroup, VERSION, { groupId, memberId: '', members })
      }
      await untilState(scene, groupId, 'Empty')
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
})
