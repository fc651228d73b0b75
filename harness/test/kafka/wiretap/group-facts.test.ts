import { expect, test } from 'vitest'
import { OffsetCommit } from '../../../kafka/protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../../kafka/protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../../../kafka/protocol/api/10-find-coordinator.ts'
import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { SyncGroup } from '../../../kafka/protocol/api/14-sync-group.ts'
import type { Exchange } from '../../../kafka/wiretap/journal.ts'
import { strip } from '../../../kafka/wiretap/strip.ts'
import { exchangeOf } from './exchange.ts'

const group = { groupId: 'g', generationId: 3, memberId: 'm-1' }
const commit = { partitionIndex: 0, committedOffset: 4n, committedLeaderEpoch: -1, committedMetadata: null }
const committing = { groupId: 'g', topics: [{ name: 'orders', partitions: [commit] }] }
/** Version 0, one topic `orders` with the partitions 0 and 2, no user data. */
const assignment = Buffer.from(
  '0000 00000001 0006 6f7264657273 00000002 00000000 00000002 ffffffff'.replaceAll(' ', ''),
  'hex',
)

function committedAt(committedOffset: bigint): Exchange {
  const found = { partitionIndex: 0, committedOffset, committedLeaderEpoch: -1, metadata: null, errorCode: 0 }
  return exchangeOf(
    OffsetFetch,
    { groupId: 'g' },
    { topics: [{ name: 'orders', partitions: [found] }], groups: [] },
  )
}

const cases: [name: string, exchange: Exchange, lines: string[]][] = [
  ['a commit', exchangeOf(OffsetCommit, committing, {}), ['group g  topic orders  partition 0  offset 4']],
  [
    'a refused commit',
    exchangeOf(OffsetCommit, committing, {
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, errorCode: 25 }] }],
    }),
    ['group g  topic orders  partition 0  offset 4  -> UNKNOWN_MEMBER_ID'],
  ],
  ['a committed offset', committedAt(4n), ['group g  topic orders  partition 0  -> offset 4']],
  ['no committed offset', committedAt(-1n), ['group g  topic orders  partition 0  -> no commit']],
  [
    'a first join',
    exchangeOf(JoinGroup, { groupId: 'g', memberId: '' }, { errorCode: 79, memberId: 'm-1' }),
    ['group g  new member  -> MEMBER_ID_REQUIRED'],
  ],
  [
    'a leader joins',
    exchangeOf(JoinGroup, group, { generationId: 3, leader: 'm-1', memberId: 'm-1', members: [] }),
    ['group g  member m-1  -> generation 3  leads 0 members'],
  ],
  [
    'a member joins',
    exchangeOf(
      JoinGroup,
      { ...group, memberId: 'bookstore-0123456789-0123456789-0123456789' },
      { generationId: 3, leader: 'x' },
    ),
    ['group g  member bookstore-012345…3456789  -> generation 3'],
  ],
  [
    'an assignment',
    exchangeOf(SyncGroup, group, { assignment }),
    ['group g  member m-1  generation 3  assigned orders [0,2]'],
  ],
  [
    'no assignment',
    exchangeOf(SyncGroup, group, {}),
    ['group g  member m-1  generation 3  assigned nothing'],
  ],
  ['a heartbeat', exchangeOf(Heartbeat, group, {}), ['group g  member m-1']],
  [
    'a heartbeat in a rebalance',
    exchangeOf(Heartbeat, group, { errorCode: 27 }),
    ['group g  member m-1  -> REBALANCE_IN_PROGRESS'],
  ],
  [
    'members leave',
    exchangeOf(LeaveGroup, { groupId: 'g', members: [{ memberId: 'm-1', groupInstanceId: null }] }, {}),
    ['group g  member m-1'],
  ],
  ['a coordinator', exchangeOf(FindCoordinator, { key: 'g' }, {}), []],
  [
    'a coordinator that is missing',
    exchangeOf(FindCoordinator, { key: 'g' }, { errorCode: 15 }),
    ['g  -> COORDINATOR_NOT_AVAILABLE'],
  ],
]

test.each(cases)('%s', (_name, exchange, lines) => {
  expect(strip([exchange]).map(({ text }) => text)).toEqual(lines)
})
