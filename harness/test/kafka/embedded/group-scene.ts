import type { JoinRequest, SyncAnswer } from '../../../kafka/embedded/group-messages.ts'
import { Groups } from '../../../kafka/embedded/groups.ts'
import { brokerSettings } from '../../../kafka/embedded/settings.ts'
import { manualClock } from './manual-clock.ts'

/** A question to a group; `answer` is there once the group has answered. */
export interface Asked<T> {
  answer?: T
}

/** Lets every promise that can settle now do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function ask<T>(promise: Promise<T>): Asked<T> {
  const asked: Asked<T> = {}
  promise.then((answer) => {
    asked.answer = answer
  })
  return asked
}

/** Bytes of a consumer's subscription: version, topics, no user data. */
export function subscription(...topics: string[]): Buffer {
  const names = topics.map((name) => Buffer.concat([int16(name.length), Buffer.from(name)]))
  return Buffer.concat([int16(0), int32(topics.length), ...names, int32(0)])
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function protocol(name: string, metadata = subscription('orders')) {
  return { name, metadata }
}

function joinRequest(changes: Partial<JoinRequest> = {}): JoinRequest {
  return {
    groupId: 'billing',
    memberId: '',
    instanceId: null,
    clientId: 'app',
    clientHost: '127.0.0.1',
    sessionTimeoutMs: 6000,
    rebalanceTimeoutMs: 10_000,
    protocolType: 'consumer',
    protocols: [protocol('range')],
    memberIdRequired: true,
    ...changes,
  }
}

/** All groups of a broker under a clock that the test moves, and the usual ways into them. */
export function groupScene(properties: Record<string, string> = {}) {
  const clock = manualClock()
  const groups = new Groups(clock, brokerSettings(properties))

  const join = (changes: Partial<JoinRequest> = {}) => ask(groups.join(joinRequest(changes)))

  const sync = (memberId: string, generationId: number, shares: Record<string, string> = {}) =>
    ask(
      groups.sync({
        groupId: 'billing',
        memberId,
        instanceId: null,
        generationId,
        assignments: Object.entries(shares).map(([id, share]) => ({
          memberId: id,
          assignment: Buffer.from(share),
        })),
      }),
    )

  /** The way in of a dynamic member: refused with an id, then again with it. */
  async function enter(changes: Partial<JoinRequest> = {}) {
    const { memberId } = await groups.join(joinRequest(changes))
    return { memberId, joining: join({ ...changes, memberId }) }
  }

  /** A group in CompletingRebalance; the first member leads. */
  async function joined(size: number, changes: Partial<JoinRequest>[] = []) {
    const entered = []
    for (let index = 0; index < size; index++) entered.push(await enter(changes[index]))
    clock.advance(0)
    await settle()
    return entered.map(({ memberId }) => memberId) as [string, ...string[]]
  }

  /** A group in Stable, generation 1, whose members have their own ids as assignments. */
  async function stable(size: number, changes: Partial<JoinRequest>[] = []) {
    const ids = await joined(size, changes)
    const shares = Object.fromEntries(ids.map((id) => [id, id]))
    const syncing = ids.slice(1).map((id) => sync(id, 1))
    sync(ids[0], 1, shares)
    await settle()
    return { ids, syncing }
  }

  const heartbeat = (memberId: string, generationId: number, instanceId: string | null = null) =>
    groups.heartbeat({ groupId: 'billing', memberId, instanceId, generationId })

  const leave = (...memberIds: string[]) =>
    groups
      .leave(
        'billing',
        memberIds.map((memberId) => ({ memberId, instanceId: null })),
      )
      .members.map(({ error }) => error)

  const admitCommit = (memberId: string, generationId: number, instanceId: string | null = null) =>
    groups.admitCommit({ groupId: 'billing', memberId, instanceId, generationId })

  const state = () => groups.describe('billing').state
  const memberIds = () => groups.describe('billing').members.map(({ memberId }) => memberId)

  return { clock, groups, join, sync, enter, joined, stable, heartbeat, leave, admitCommit, state, memberIds }
}

export function assignmentOf(asked: Asked<SyncAnswer>): string | undefined {
  return asked.answer?.assignment.toString()
}
