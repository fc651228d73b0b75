import { AssignerProtocol } from 'kafkajs'
import { expect, test } from 'vitest'
import { JoinGroup } from '../../../kafka/protocol/api/11-join-group.ts'
import { LeaveGroup } from '../../../kafka/protocol/api/13-leave-group.ts'
import { SyncGroup } from '../../../kafka/protocol/api/14-sync-group.ts'
import type { Exchange } from '../../../kafka/wiretap/journal.ts'
import { ownership } from '../../../kafka/wiretap/ownership.ts'
import { exchangeOf } from './exchange.ts'

const assignmentOf = (topic: string, partitions: number[]): Buffer =>
  AssignerProtocol.MemberAssignment.encode({
    version: 0,
    assignment: partitions.length > 0 ? { [topic]: partitions } : {},
    userData: Buffer.alloc(0),
  })

const group = { groupId: 'packers' }
const at = (atMs: number, lane: string) => ({ requestAtMs: atMs, responseAtMs: atMs, lane })

const join = (atMs: number, memberId: string): Exchange =>
  exchangeOf(JoinGroup, { ...group, memberId }, { memberId }, at(atMs, memberId))
const got = (atMs: number, memberId: string, ...partitions: number[]): Exchange =>
  exchangeOf(
    SyncGroup,
    { ...group, memberId },
    { assignment: assignmentOf('orders', partitions) },
    at(atMs, memberId),
  )
const leave = (atMs: number, memberId: string): Exchange =>
  exchangeOf(LeaveGroup, { ...group, members: [{ memberId, groupInstanceId: null }] }, {}, at(atMs, memberId))

test('a member owns from its assignment until it joins again', () => {
  const [story] = ownership(
    [
      join(1000, ''),
      got(1010, '1', 0, 1),
      join(1100, '1'),
      got(1130, '1', 0),
      got(1140, '2', 1),
      join(1200, ''),
    ],
    [],
  )
  expect(story).toMatchObject({ group: 'packers', topic: 'orders', fromMs: 10, toMs: 200 })
  expect(story?.members).toEqual([
    { letter: 'A', lane: '1' },
    { letter: 'B', lane: '2' },
  ])
  expect(story?.partitions).toEqual([
    {
      partition: 0,
      spans: [
        { owner: 'A', fromMs: 10, toMs: 100 },
        { owner: 'A', fromMs: 130, toMs: 200 },
      ],
    },
    {
      partition: 1,
      spans: [
        { owner: 'A', fromMs: 10, toMs: 100 },
        { owner: 'B', fromMs: 140, toMs: 200 },
      ],
    },
  ])
  expect(story?.departures).toEqual([])
})

test('a leave and a kill differ by the time without an owner', () => {
  const journal = [got(0, '1', 0), got(0, '2', 1), got(0, '3', 2), leave(100, '2'), got(120, '1', 0, 1)]
  const [story] = ownership([...journal, got(1900, '1', 0, 1, 2)], [{ lane: '3', atMs: 400 }])
  expect(story?.departures).toEqual([
    { member: 'B', how: 'left', atMs: 100, unownedMs: 20 },
    { member: 'C', how: 'gone', atMs: 400, unownedMs: 1500 },
  ])
})

test('a member that others take partitions from was expelled', () => {
  const [story] = ownership([got(0, '1', 0, 1), got(500, '2', 0, 1), join(900, '1')], [])
  expect(story?.departures).toEqual([{ member: 'A', how: 'expelled', atMs: 500, unownedMs: 0 }])
  expect(story?.partitions[0]?.spans).toEqual([
    { owner: 'A', fromMs: 0, toMs: 500 },
    { owner: 'B', fromMs: 500, toMs: 900 },
  ])
})

test('partitions that nobody takes over have no time without an owner', () => {
  const [story] = ownership([got(0, '1', 0), got(10, '2'), leave(20, '1')], [])
  expect(story?.members.map(({ letter }) => letter)).toEqual(['A', 'B'])
  expect(story?.departures).toEqual([{ member: 'A', how: 'left', atMs: 20 }])
})

test('one member with one assignment has no story, and neither has an assignment that cannot be read', () => {
  expect(ownership([got(0, '1', 0), leave(5, '1')], [])).toEqual([])
  const broken = exchangeOf(
    SyncGroup,
    { ...group, memberId: '1' },
    { assignment: Buffer.from('?') },
    at(3, '1'),
  )
  expect(ownership([got(0, '1', 0), broken], [])).toEqual([])
  expect(ownership([], [])).toEqual([])
})
