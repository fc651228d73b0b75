import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { JOIN_VERSION, join, joined, leave, memberId, stable, untilState } from '../group-steps.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 3

function beat(groupId: string, id: string, generationId: number, groupInstanceId: string | null = null) {
  return { groupId, memberId: id, generationId, groupInstanceId }
}

export const heartbeatSequences = sequencesOf('12-heartbeat', {
  'every-version': [
    'A member of a stable group is well, in every version.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId)
      for (const version of servedVersions(Heartbeat)) {
        await scene.peer.ask(Heartbeat, version, beat(groupId, id, 1))
        await scene.peer.ask(Heartbeat, version, beat(groupId, 'ghost', 1))
      }
    },
  ],
  'no-such-group': [
    'A group that does not exist is UNKNOWN_MEMBER_ID; one without a name INVALID_GROUP_ID.',
    async (scene) => {
      await scene.peer.ask(Heartbeat, VERSION, beat(scene.name('nobody'), 'ghost', 1))
      await scene.peer.ask(Heartbeat, VERSION, beat('', 'ghost', 1))
    },
  ],
  'wrong-generation': [
    'Another generation than that of the group is ILLEGAL_GENERATION.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId)
      for (const generation of [0, 2, -1])
        await scene.peer.ask(Heartbeat, VERSION, beat(groupId, id, generation))
    },
  ],
  'while-completing': [
    'A member that has joined, but not yet synced, is well.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId: id, generationId } = await joined(scene, groupId)
      await scene.peer.ask(Heartbeat, VERSION, beat(groupId, id, generationId))
    },
  ],
  'while-preparing': [
    'A member of a group that rebalances is told REBALANCE_IN_PROGRESS.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId)
      const peer = await scene.connect()
      const second = await memberId(peer, groupId)
      peer.send(JoinGroup, JOIN_VERSION, join(groupId, { memberId: second }))
      await untilState(scene, groupId, 'PreparingRebalance')
      await scene.peer.ask(Heartbeat, VERSION, beat(groupId, id, 1))
      await scene.peer.ask(Heartbeat, VERSION, beat(groupId, id, 2))
    },
  ],
  'pending-member': [
    'A member that got its id, but has not joined with it, is well in no generation.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId)
      const id = await memberId(scene.peer, groupId)
      await scene.peer.ask(Heartbeat, VERSION, beat(groupId, id, 1))
    },
  ],
  'after-leaving': [
    'A member that left is UNKNOWN_MEMBER_ID, also when the group is Empty then.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId)
      await scene.peer.ask(LeaveGroup, 3, leave(groupId, id))
      await scene.peer.ask(Heartbeat, VERSION, beat(groupId, id, 1))
    },
  ],
  'keeps-session': [
    'Heartbeats keep a member longer than its session.',
    async (scene) => {
      const groupId = scene.name('g')
      const { peer, memberId: id } = await stable(scene, groupId, { sessionTimeoutMs: 1000 })
      const endsAt = Date.now() + 2500
      await peer.until(
        Heartbeat,
        VERSION,
        beat(groupId, id, 1),
        ({ errorCode }) => errorCode !== 0 || Date.now() > endsAt,
      )
    },
  ],
  'static-member': [
    'A static member is found by its instance id; with another member id it is FENCED_INSTANCE_ID.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId, { groupInstanceId: 'shelf-1' })
      await scene.peer.ask(Heartbeat, VERSION, beat(groupId, id, 1, 'shelf-1'))
      await scene.peer.ask(Heartbeat, VERSION, beat(groupId, 'ghost', 1, 'shelf-1'))
      await scene.peer.ask(Heartbeat, VERSION, beat(groupId, id, 1, 'shelf-2'))
    },
  ],
})
