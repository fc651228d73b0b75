import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { commit, JOIN_VERSION, join, joined, leave, memberId, stable, untilState } from '../group-steps.ts'
import { offsets } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 7

export const offsetCommitSequences = sequencesOf('08-offset-commit', {
  'every-version': [
    'A client without a group of members commits in every version.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of servedVersions(OffsetCommit)) {
        const groupId = scene.name(`v${version}`)
        const body = commit(groupId, topic, { offset: BigInt(version), metadata: `v${version}` })
        await scene.peer.ask(OffsetCommit, version, body)
        await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0]))
      }
    },
  ],
  'by-member': [
    'A member of a stable group commits.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId)
      const member = { memberId: id, generationIdOrMemberEpoch: 1 }
      await scene.peer.ask(OffsetCommit, VERSION, commit(groupId, topic, member))
      await scene.peer.ask(OffsetCommit, 2, commit(groupId, topic, { ...member, offset: 6n }))
      await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0]))
    },
  ],
  'unknown-partitions': [
    'What does not exist is UNKNOWN_TOPIC_OR_PARTITION, before the group is asked.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, VERSION, commit(groupId, topic, { index: 3 }))
      await scene.peer.ask(
        OffsetCommit,
        VERSION,
        commit(groupId, scene.name('nobody'), { generationIdOrMemberEpoch: 9 }),
      )
      await scene.peer.ask(OffsetFetch, 5, offsets(groupId, null))
    },
  ],
  'unknown-among-known': [
    'A partition that does not exist does not hinder the others.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const groupId = scene.name('g')
      const partition = (partitionIndex: number) => ({
        partitionIndex,
        committedOffset: 1n,
        committedLeaderEpoch: -1,
        committedMetadata: null,
      })
      const topics = [{ name: topic, partitions: [partition(0), partition(8), partition(1)] }]
      await scene.peer.ask(OffsetCommit, VERSION, commit(groupId, topic, { topics }))
      await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0, 1, 8]))
    },
  ],
  'generation-without-group': [
    'A generation of a group that does not exist is ILLEGAL_GENERATION.',
    async (scene) => {
      const topic = await scene.topic('t')
      const body = { generationIdOrMemberEpoch: 1, memberId: 'ghost' }
      for (const version of servedVersions(OffsetCommit)) {
        await scene.peer.ask(OffsetCommit, version, commit(scene.name('nobody'), topic, body))
      }
    },
  ],
  'unknown-member': [
    'A member that is not in the group is UNKNOWN_MEMBER_ID, and so is a client without a member id.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      await stable(scene, groupId)
      await scene.peer.ask(
        OffsetCommit,
        VERSION,
        commit(groupId, topic, { memberId: 'ghost', generationIdOrMemberEpoch: 1 }),
      )
      await scene.peer.ask(OffsetCommit, VERSION, commit(groupId, topic))
    },
  ],
  'wrong-generation': [
    'Another generation than that of the group is ILLEGAL_GENERATION.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId)
      for (const generationIdOrMemberEpoch of [0, 2]) {
        await scene.peer.ask(
          OffsetCommit,
          VERSION,
          commit(groupId, topic, { memberId: id, generationIdOrMemberEpoch }),
        )
      }
    },
  ],
  'while-completing': [
    'A commit while the group waits for its leader is REBALANCE_IN_PROGRESS.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const { memberId: id } = await joined(scene, groupId)
      await scene.peer.ask(
        OffsetCommit,
        VERSION,
        commit(groupId, topic, { memberId: id, generationIdOrMemberEpoch: 1 }),
      )
    },
  ],
  'while-preparing': [
    'A commit while the group gathers its members is accepted: so members commit before they lose partitions.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId)
      const peer = await scene.connect()
      const second = await memberId(peer, groupId)
      peer.send(JoinGroup, JOIN_VERSION, join(groupId, { memberId: second }))
      await untilState(scene, groupId, 'PreparingRebalance')
      await scene.peer.ask(
        OffsetCommit,
        VERSION,
        commit(groupId, topic, { memberId: id, generationIdOrMemberEpoch: 1 }),
      )
      await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0]))
    },
  ],
  'empty-group': [
    'Once everybody has left, a client without a member id may commit again.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const { memberId: id } = await stable(scene, groupId)
      await scene.peer.quietly(LeaveGroup, 3, leave(groupId, id))
      await scene.peer.ask(OffsetCommit, VERSION, commit(groupId, topic))
      await scene.peer.ask(
        OffsetCommit,
        VERSION,
        commit(groupId, topic, { memberId: id, generationIdOrMemberEpoch: 1 }),
      )
    },
  ],
  'metadata-too-large': [
    'Metadata longer than the broker allows is OFFSET_METADATA_TOO_LARGE, for that partition alone.',
    async (scene) => {
      const topic = await scene.topic('t', { partitions: 2 })
      const groupId = scene.name('g')
      const partitions = [101, 100].map((length, partitionIndex) => ({
        partitionIndex,
        committedOffset: 1n,
        committedLeaderEpoch: -1,
        committedMetadata: 'x'.repeat(length),
      }))
      await scene.peer.ask(
        OffsetCommit,
        VERSION,
        commit(groupId, topic, { topics: [{ name: topic, partitions }] }),
      )
      await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0, 1]))
    },
  ],
  'odd-offsets': [
    'A negative offset and one behind the end are stored as they come.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      for (const offset of [-1n, -5n, 1_000_000n]) {
        await scene.peer.ask(OffsetCommit, VERSION, commit(groupId, topic, { offset, metadata: null }))
        await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0]))
      }
    },
  ],
  'leader-epoch': [
    'The leader epoch of a commit comes back with it.',
    async (scene) => {
      const topic = await scene.topic('t')
      const groupId = scene.name('g')
      const partition = {
        partitionIndex: 0,
        committedOffset: 3n,
        committedLeaderEpoch: 7,
        committedMetadata: 'm',
      }
      const topics = [{ name: topic, partitions: [partition] }]
      for (const version of [5, VERSION]) {
        await scene.peer.ask(OffsetCommit, version, commit(groupId, topic, { topics }))
        await scene.peer.ask(OffsetFetch, 5, offsets(groupId, topic, [0]))
      }
    },
  ],
  'empty-group-id': [
    'The empty name is a group like any other for a client without members.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(OffsetCommit, VERSION, commit('', topic))
    },
  ],
  'no-topics': [
    'A commit of nothing has an answer of nothing.',
    async (scene) => {
      const groupId = scene.name('g')
      await scene.peer.ask(OffsetCommit, VERSION, commit(groupId, '', { topics: [] }))
    },
  ],
  'several-topics': [
    'A commit names several topics.',
    async (scene) => {
      const groupId = scene.name('g')
      const names = [await scene.topic('two'), await scene.topic('one')]
      const partition = {
        partitionIndex: 0,
        committedOffset: 1n,
        committedLeaderEpoch: -1,
        committedMetadata: '',
      }
      const topics = names.map((name) => ({ name, partitions: [partition] }))
      await scene.peer.ask(OffsetCommit, VERSION, commit(groupId, '', { topics }))
      const asked = names.map((name) => ({ name, partitionIndexes: [0] }))
      await scene.peer.ask(OffsetFetch, 5, { ...offsets(groupId, null), topics: asked })
    },
  ],
})
