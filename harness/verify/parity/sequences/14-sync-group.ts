import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { SyncGroup } from '../../../kafka/protocol/api/14-sync-group.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import {
  describe,
  JOIN_VERSION,
  join,
  joined,
  type Member,
  memberId,
  stable,
  stablePair,
  sync,
  untilState,
} from '../group-steps.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 3

/** Two members that have joined one generation, and have yet to sync; the first leads. */
async function joinedPair(
  scene: Scene,
  groupId: string,
  rebalanceTimeoutMs = 30_000,
): Promise<[Member, Member]> {
  const given = { rebalanceTimeoutMs }
  const first = await stable(scene, groupId, given)
  const peer = await scene.connect()
  const id = await memberId(peer, groupId, given)
  const joining = peer.quietly(JoinGroup, JOIN_VERSION, join(groupId, { ...given, memberId: id }))
  await untilState(scene, groupId, 'PreparingRebalance')
  const again = join(groupId, { ...given, memberId: first.memberId })
  const { generationId } = await first.peer.quietly(JoinGroup, JOIN_VERSION, again)
  await joining
  return [
    { ...first, generationId },
    { peer, memberId: id, generationId },
  ]
}

export const syncGroupSequences = sequencesOf('14-sync-group', {
  'every-version': [
    'The leader shares out, and may ask again for what it got, in every version.',
    async (scene) => {
      for (const version of servedVersions(SyncGroup)) {
        const groupId = scene.name(`v${version}`)
        const member = await joined(scene, groupId)
        await scene.peer.ask(SyncGroup, version, sync(groupId, member, { [member.memberId]: 'all' }))
        await scene.peer.ask(SyncGroup, version, sync(groupId, member))
      }
    },
  ],
  'no-such-group': [
    'A group that does not exist is UNKNOWN_MEMBER_ID; one without a name INVALID_GROUP_ID.',
    async (scene) => {
      const member = { memberId: 'ghost', generationId: 1 }
      await scene.peer.ask(SyncGroup, VERSION, sync(scene.name('nobody'), member))
      await scene.peer.ask(SyncGroup, VERSION, sync('', member))
    },
  ],
  'unknown-member': [
    'A member that is not in the group is UNKNOWN_MEMBER_ID.',
    async (scene) => {
      const groupId = scene.name('g')
      await joined(scene, groupId)
      await scene.peer.ask(SyncGroup, VERSION, sync(groupId, { memberId: 'ghost', generationId: 1 }))
    },
  ],
  'wrong-generation': [
    'Another generation than that of the group is ILLEGAL_GENERATION.',
    async (scene) => {
      const groupId = scene.name('g')
      const { memberId: id } = await joined(scene, groupId)
      for (const generationId of [0, 2]) {
        await scene.peer.ask(SyncGroup, VERSION, sync(groupId, { memberId: id, generationId }))
      }
    },
  ],
  'while-preparing': [
    'A sync while the group rebalances is REBALANCE_IN_PROGRESS.',
    async (scene) => {
      const groupId = scene.name('g')
      const first = await stable(scene, groupId)
      const peer = await scene.connect()
      const id = await memberId(peer, groupId)
      peer.send(JoinGroup, JOIN_VERSION, join(groupId, { memberId: id }))
      await untilState(scene, groupId, 'PreparingRebalance')
      await first.peer.ask(SyncGroup, VERSION, sync(groupId, first))
    },
  ],
  'follower-waits': [
    'A follower waits for the leader, and gets what the leader gave it.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first, second] = await joinedPair(scene, groupId)
      const waiting = second.peer.send(SyncGroup, VERSION, sync(groupId, second))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      scene.note('the follower waits', !waiting.isAnswered())
      const shares = { [first.memberId]: 'left', [second.memberId]: 'right' }
      await first.peer.ask(SyncGroup, VERSION, sync(groupId, first, shares))
      await waiting.answer
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
    },
  ],
  'forgotten-member': [
    'A member that the leader forgot gets nothing, without an error.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first, second] = await joinedPair(scene, groupId)
      await first.peer.ask(
        SyncGroup,
        VERSION,
        sync(groupId, first, { [first.memberId]: 'all', ghost: 'none' }),
      )
      await second.peer.ask(SyncGroup, VERSION, sync(groupId, second))
    },
  ],
  'follower-first-then-rebalance': [
    'A follower that waits for its share is told REBALANCE_IN_PROGRESS when the group starts again.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first, second] = await joinedPair(scene, groupId)
      const waiting = second.peer.send(SyncGroup, VERSION, sync(groupId, second))
      await scene.peer.ask(DescribeGroups, 4, describe(groupId))
      const peer = await scene.connect()
      const id = await memberId(peer, groupId)
      peer.send(JoinGroup, JOIN_VERSION, join(groupId, { memberId: id }))
      await waiting.answer
      await first.peer.ask(SyncGroup, VERSION, sync(groupId, first, { [first.memberId]: 'all' }))
    },
  ],
  'follower-never-syncs': [
    'A member that does not sync within the rebalance timeout is removed.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first, second] = await joinedPair(scene, groupId, 700)
      await first.peer.ask(SyncGroup, VERSION, sync(groupId, first, { [first.memberId]: 'all' }))
      await untilState(scene, groupId, 'PreparingRebalance', 1)
      await second.peer.ask(SyncGroup, VERSION, sync(groupId, second))
    },
  ],
  'after-stable': [
    'Everybody may ask again for their share while the group is stable.',
    async (scene) => {
      const groupId = scene.name('g')
      const [first, second] = await stablePair(scene, groupId)
      await second.peer.ask(SyncGroup, VERSION, sync(groupId, second))
      await first.peer.ask(SyncGroup, VERSION, sync(groupId, first, { [second.memberId]: 'other' }))
      await second.peer.ask(SyncGroup, VERSION, sync(groupId, second))
    },
  ],
})
