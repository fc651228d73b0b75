import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { SyncGroup } from '../../../kafka/protocol/api/14-sync-group.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import {
  describe,
  JOIN_VERSION,
  type JoinBody,
  join,
  joined,
  leave,
  memberId,
  protocol,
  SYNC_VERSION,
  stable,
  stablePair,
  sync,
  untilState,
} from '../group-steps.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

/** One join that is refused, in the oldest and the newest version. */
async function refused(scene: Scene, given: Partial<JoinBody>): Promise<void> {
  const groupId = given.groupId ?? scene.name('g')
  for (const version of [2, JOIN_VERSION]) await scene.peer.ask(JoinGroup, version, join(groupId, given))
  await scene.peer.ask(DescribeGroups, 4, describe(groupId))
}

export const joinGroupSequences = sequencesOf('11-join-group', {
  'every-version': [
    'A stranger is sent back for its member id from version 4 on, and admitted at once below.',
    async (scene) => {
      for (const version of servedVersions(JoinGroup)) {
        const groupId = scene.name(`v${version}`)
        const { memberId: id } = await scene.peer.ask(JoinGroup, version, join(groupId))
        if (version >= 4) await scene.peer.ask(JoinGroup, version, join(groupId, { memberId: id }))
        await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      }
    },
  ],
  'empty-group-id': ['An empty group id is INVALID_GROUP_ID.', (scene) => refused(scene, { groupId: '' })],
  'session-too-short': [
    'A session shorter than the broker allows is INVALID_SESSION_TIMEOUT.',
    (scene) => refused(scene, { sessionTimeoutMs: 999 }),
  ],
  'session-too-long': [
    'A session longer than the broker allows is INVALID_SESSION_TIMEOUT.',
    (scene) => refused(scene, { sessionTimeoutMs: 60_001 }),
  ],
  'unknown-member-of-nothing': [
    'A member id in a group that does not exist is UNKNOWN_MEMBER_ID.',
    (scene) => refused(scene, { memberId: 'ghost' }),
  ],
  'no-protocols': [
    'A member without protocols is INCONSISTENT_GROUP_PROTOCOL, even in a group of its own.',
    (scene) => refused(scene, { protocols: [] }),
  ],
  'no-protocol-type': [
    'A member without a type of protocol is INCONSISTENT_GROUP_PROTOCOL.',
    (scene) => refused(scene, { protocolType: '' }),
  ],
  'other-protocol-type': [
    'Another type of protocol than that of the group is INCONSISTENT_GROUP_PROTOCOL.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId)
      await scene.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { protocolType: 'connect' }))
    },
  ],
  'no-common-protocol': [
    'A member that shares no protocol with the others is INCONSISTENT_GROUP_PROTOCOL.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId)
      await scene.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { protocols: [protocol('sticky')] }))
    },
  ],
  'unknown-member': [
    'A member id that the group did not give is UNKNOWN_MEMBER_ID.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId)
      await scene.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId: 'ghost' }))
    },
  ],
  'protocol-of-most': [
    'The group takes the protocol that most members put first among those that all have.',
    async (scene) => {
      const groupId = scene.name('g')
      const both = [protocol('sticky'), protocol('range')]
      const first = await stable(scene, groupId, { protocols: both })
      const peer = await scene.connect()
      const wanted = { protocols: [protocol('range'), protocol('round-robin')] }
      const id = await memberId(peer, groupId, wanted)
      const second = peer.send(JoinGroup, JOIN_VERSION, join(groupId, { ...wanted, memberId: id }))
      await untilState(scene, groupId, 'PreparingRebalance', 2)
      await first.peer.ask(
        JoinGroup,
        JOIN_VERSION,
        join(groupId, { protocols: both, memberId: first.memberId }),
      )
      await second.answer
    },
  ],
  'second-member': [
    'A second member starts a rebalance, waits for the first, and only the leader is told who is there.',
    async (scene) => {
      const groupId = scene.name('g')
      const first = await stable(scene, groupId)
      const peer = await scene.connect({ clientId: 'second' })
      const required = await peer.ask(JoinGroup, JOIN_VERSION, join(groupId))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      const second = peer.send(JoinGroup, JOIN_VERSION, join(groupId, { memberId: required.memberId }))
      await untilState(scene, groupId, 'PreparingRebalance', 2)
      scene.note('the second waits', !second.isAnswered())
      const body = { groupId, generationId: 1, memberId: first.memberId, groupInstanceId: null }
      await first.peer.ask(Heartbeat, 3, body)
      await first.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId: first.memberId }))
      await second.answer
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'again-while-completing': [
    'A join with the same protocols while the group waits for its leader has the same generation again.',
    async (scene) => {
      const groupId = scene.name('g')
      const { peer, memberId: id } = await joined(scene, groupId)
      await peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId: id }))
    },
  ],
  'changed-while-completing': [
    'A join with other protocols while the group waits for its leader starts another generation.',
    async (scene) => {
      const groupId = scene.name('g')
      const { peer, memberId: id } = await joined(scene, groupId)
      const changed = { memberId: id, protocols: [protocol('range', 'u')] }
      await peer.ask(JoinGroup, JOIN_VERSION, join(groupId, changed))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'leader-again-while-stable': [
    'The leader that joins again starts another generation, though nothing has changed.',
    async (scene) => {
      const groupId = scene.name('g')
      const { peer, memberId: id } = await stable(scene, groupId)
      await peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId: id }))
    },
  ],
  'follower-again-while-stable': [
    'A follower that joins again unchanged is told the generation that there is.',
    async (scene) => {
      const groupId = scene.name('g')
      const [, { peer, memberId: id }] = await stablePair(scene, groupId)
      await peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId: id }))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'follower-changed-while-stable': [
    'A follower that joins again with other protocols starts a rebalance.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first, second] = await stablePair(scene, groupId)
      const changed = { memberId: second.memberId, protocols: [protocol('range', 'u')] }
      const joining = second.peer.send(JoinGroup, JOIN_VERSION, join(groupId, changed))
      await untilState(scene, groupId, 'PreparingRebalance')
      await first.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId: first.memberId }))
      await joining.answer
    },
  ],
  'leader-stays-away': [
    'When the rebalance timeout is over, whoever did not join again is out, and another member leads.',
    async (scene) => {
      const groupId = scene.name('g')
      const quick = { rebalanceTimeoutMs: 700 }
      const first = await stable(scene, groupId, quick)
      const peer = await scene.connect()
      const id = await memberId(peer, groupId, quick)
      await peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { ...quick, memberId: id }))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      const body = { groupId, generationId: 1, memberId: first.memberId, groupInstanceId: null }
      await first.peer.ask(Heartbeat, 3, body)
      await first.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { ...quick, memberId: first.memberId }))
    },
  ],
  'member-leaves-while-joining': [
    'A member that leaves lets those that wait for it go on.',
    async (scene) => {
      const groupId = scene.name('g')
      const first = await stable(scene, groupId)
      const peer = await scene.connect()
      const id = await memberId(peer, groupId)
      const second = peer.send(JoinGroup, JOIN_VERSION, join(groupId, { memberId: id }))
      await untilState(scene, groupId, 'PreparingRebalance', 2)
      await first.peer.ask(LeaveGroup, 3, leave(groupId, first.memberId))
      await second.answer
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'group-full': [
    'A group that has as many members as it may have is GROUP_MAX_SIZE_REACHED for the next.',
    async (scene) => {
      const groupId = scene.name('g')
      const first = await stable(scene, groupId)
      const joining = []
      for (let size = 2; size <= 4; size++) {
        const peer = await scene.connect()
        const id = await memberId(peer, groupId)
        joining.push(peer.quietly(JoinGroup, JOIN_VERSION, join(groupId, { memberId: id })))
        await untilState(scene, groupId, 'PreparingRebalance', size)
      }
      await first.peer.quietly(JoinGroup, JOIN_VERSION, join(groupId, { memberId: first.memberId }))
      await Promise.all(joining)
      for (const version of [3, JOIN_VERSION]) await scene.peer.ask(JoinGroup, version, join(groupId))
    },
  ],
  'pending-member': [
    'A member that got its id but does not come with it holds up the others, until its session is over.',
    async (scene) => {
      const groupId = scene.name('g')
      const first = await stable(scene, groupId)
      await scene.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { sessionTimeoutMs: 1000 }))
      const again = first.peer.send(JoinGroup, JOIN_VERSION, join(groupId, { memberId: first.memberId }))
      await untilState(scene, groupId, 'PreparingRebalance')
      scene.note('the leader waits', !again.isAnswered())
      await again.answer
    },
  ],
  'joins-at-once': [
    'Two members that come during one rebalance end up in one generation, behind the old leader.',
    async (scene) => {
      const groupId = scene.name('g')
      const first = await stable(scene, groupId)
      const joining = []
      for (let size = 2; size <= 3; size++) {
        const peer = await scene.connect()
        const id = await memberId(peer, groupId)
        joining.push(peer.send(JoinGroup, JOIN_VERSION, join(groupId, { memberId: id })).answer)
        await untilState(scene, groupId, 'PreparingRebalance', size)
      }
      await first.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId: first.memberId }))
      await Promise.all(joining)
    },
  ],
  'rejoin-after-all-left': [
    'A group that everybody left goes on counting its generations.',
    async (scene) => {
      const groupId = scene.name('g')
      const { peer, memberId: id } = await stable(scene, groupId)
      await peer.ask(LeaveGroup, 3, leave(groupId, id))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      await peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId: id }))
      const next = await joined(scene, groupId)
      await next.peer.ask(SyncGroup, SYNC_VERSION, sync(groupId, next, { [next.memberId]: 'all' }))
      scene.note('its generation', next.generationId)
    },
  ],
  'session-ends': [
    'A member that is not heard of is removed when its session is over, and the others rebalance.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first, second] = await stablePair(scene, groupId, [{}, { sessionTimeoutMs: 1000 }])
      await untilState(scene, groupId, 'PreparingRebalance')
      await first.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId: first.memberId }))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      const body = { groupId, generationId: 2, memberId: second.memberId, groupInstanceId: null }
      await second.peer.ask(Heartbeat, 3, body)
    },
  ],
  'last-session-ends': [
    'A group whose last member is gone is Empty, and keeps its type.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId, { sessionTimeoutMs: 1000 })
      await untilState(scene, groupId, 'Empty')
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
})
