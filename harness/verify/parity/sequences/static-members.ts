import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { SyncGroup } from '../../../kafka/protocol/api/14-sync-group.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import {
  commit,
  describe,
  JOIN_VERSION,
  join,
  protocol,
  SYNC_VERSION,
  stable,
  stablePair,
  sync,
  untilState,
} from '../group-steps.ts'
import { sequencesOf } from '../sequence.ts'

const STATIC = { groupInstanceId: 'shelf-1' }

export const staticMembersSequences = sequencesOf('static-members', {
  'first-join': [
    'A static member is admitted at once, without a second join.',
    async (scene) => {
      const groupId = scene.name('g')
      await scene.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, STATIC))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  returns: [
    'A static member that comes back gets a new member id, no rebalance, and its old share.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first] = await stablePair(scene, groupId, [STATIC, {}])
      const back = await scene.connect()
      const answer = await back.ask(JoinGroup, JOIN_VERSION, join(groupId, STATIC))
      await back.ask(SyncGroup, SYNC_VERSION, sync(groupId, answer, {}, 'shelf-1'))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      scene.note('another member id', answer.memberId !== first.memberId)
    },
  ],
  'old-one-fenced': [
    'Whoever goes on with the member id from before is FENCED_INSTANCE_ID.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const [first] = await stablePair(scene, groupId, [STATIC, {}])
      const back = await scene.connect()
      await back.ask(JoinGroup, JOIN_VERSION, join(groupId, STATIC))
      const { memberId } = first
      await first.peer.ask(Heartbeat, 3, { groupId, memberId, generationId: 2, ...STATIC })
      await first.peer.ask(SyncGroup, SYNC_VERSION, sync(groupId, first, {}, 'shelf-1'))
      await first.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { ...STATIC, memberId }))
      const body = commit(groupId, topic, { memberId, generationIdOrMemberEpoch: 2, ...STATIC })
      await first.peer.ask(OffsetCommit, 7, body)
    },
  ],
  'follower-returns': [
    'A static follower that comes back is told the leader, and not the members.',
    async (scene) => {
      const groupId = scene.name('g')
      await stablePair(scene, groupId, [{}, STATIC])
      const back = await scene.connect()
      const answer = await back.ask(JoinGroup, JOIN_VERSION, join(groupId, STATIC))
      await back.ask(SyncGroup, SYNC_VERSION, sync(groupId, answer, {}, 'shelf-1'))
    },
  ],
  'returns-changed': [
    'A static member that comes back with other topics starts no rebalance as long as the protocol stays the same.',
    async (scene) => {
      const groupId = scene.name('g')
      await stablePair(scene, groupId, [{}, STATIC])
      const back = await scene.connect()
      const changed = { ...STATIC, protocols: [protocol('range', 'u')] }
      await back.ask(JoinGroup, JOIN_VERSION, join(groupId, changed))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'returns-with-other-protocol': [
    'A static member that comes back with another protocol than that of the group starts a rebalance.',
    async (scene) => {
      const groupId = scene.name('g')
      const both = { ...STATIC, protocols: [protocol('range'), protocol('sticky')] }
      await stable(scene, groupId, both)
      const back = await scene.connect()
      await back.ask(JoinGroup, JOIN_VERSION, join(groupId, { ...STATIC, protocols: [protocol('sticky')] }))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'unknown-instance': [
    'A member id together with an instance id that the group does not know is UNKNOWN_MEMBER_ID.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId } = await stable(scene, groupId)
      await scene.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, { memberId, groupInstanceId: 'shelf-9' }))
    },
  ],
  'stays-after-rebalance': [
    'A static member that does not join again stays in the group when the rebalance timeout is over.',
    async (scene) => {
      const groupId = scene.name('g')
      const quick = { rebalanceTimeoutMs: 700 }
      const [first] = await stablePair(scene, groupId, [quick, { ...quick, ...STATIC }])
      const again = join(groupId, { ...quick, memberId: first.memberId })
      await first.peer.ask(JoinGroup, JOIN_VERSION, again)
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'session-ends': [
    'A static member whose session is over is removed, and its place can be taken anew.',
    async (scene) => {
      const groupId = scene.name('g')
      await stable(scene, groupId, { ...STATIC, sessionTimeoutMs: 1000 })
      await untilState(scene, groupId, 'Empty')
      await scene.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, STATIC))
    },
  ],
  'while-completing': [
    'A static member that comes back while the group waits for its leader lets the group start again.',
    async (scene) => {
      const groupId = scene.name('g')
      await scene.peer.ask(JoinGroup, JOIN_VERSION, join(groupId, STATIC))
      const back = await scene.connect()
      await back.ask(JoinGroup, JOIN_VERSION, join(groupId, STATIC))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
})
