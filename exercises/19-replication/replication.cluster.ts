// What the checks are made of: partitions, events, and what is told of them. Nothing to edit here.

import { expect } from 'vitest'
import { checksFor } from '#workbook/check'
import type * as yours from './replication.ts'
import type { AckResult, Acks, Cluster, ReplEvent } from './replication.ts'

export const check = checksFor<{ answer: typeof yours }>(import.meta.url)

/** A partition of one committed record on brokers 1, 2 and 3, all of them in sync, unless something else is given. */
export function partition(given: Partial<Cluster> = {}): Cluster {
  const { replicas = [1, 2, 3] } = given
  const isr = given.isr ?? replicas
  return {
    minInsyncReplicas: 2,
    replicaLagTimeMaxMs: 30_000,
    uncleanLeaderElection: false,
    now: 0,
    brokers: Object.fromEntries(replicas.map((id) => [id, { alive: true, log: ['ORD-1'], caughtUpAt: 0 }])),
    leader: isr[0] ?? null,
    elr: [],
    highWatermark: 1,
    underReplicated: isr.length < replicas.length,
    ...given,
    // Lists of their own: an answer may change what it gets.
    replicas: [...replicas],
    isr: [...isr],
  }
}

/** A partition without a leader, where only some brokers are alive. */
export function leaderless(replicas: number[], alive: number[], given: Partial<Cluster> = {}): [Cluster] {
  const brokers = Object.fromEntries(
    replicas.map((id) => [id, { alive: alive.includes(id), log: ['ORD-1'], caughtUpAt: 0 }]),
  )
  return [partition({ replicas, brokers, isr: [], leader: null, ...given })]
}

export const write = (record: string, acks: Acks = 'all'): ReplEvent => ({ type: 'write', record, acks })
export const fetch = (broker: number): ReplEvent => ({ type: 'fetch', broker })
export const tick = (seconds: number): ReplEvent => ({ type: 'tick', ms: seconds * 1000 })
export const fail = (broker: number): ReplEvent => ({ type: 'fail', broker })
export const comeBack = (broker: number): ReplEvent => ({ type: 'return', broker })

interface Asked {
  step: (cluster: Cluster, event: ReplEvent) => Promise<Cluster>
}

/** Lets one thing happen after the other, and gives what there is after each of them. */
export async function after(answer: Asked, start: Cluster, ...events: ReplEvent[]): Promise<Cluster[]> {
  const states: Cluster[] = []
  for (const event of events) states.push(await answer.step(states.at(-1) ?? start, event))
  return states
}

export const last = async (answer: Asked, start: Cluster, ...events: ReplEvent[]) =>
  (await after(answer, start, ...events)).at(-1) as Cluster

export const inOrder = (ids: number[]) => [...ids].sort((a, b) => a - b)
export const waitsFor = (result: AckResult | undefined) =>
  result && 'waitsFor' in result ? inOrder(result.waitsFor) : []
/** Whom a producer waits for, or its error. */
export const answerOf = (result: AckResult) => ('error' in result ? result.error : waitsFor(result))
export const logOf = (cluster: Cluster, id: number) => cluster.brokers[id]?.log

/** What is true of every partition at every moment. */
export function expectSound(
  { replicas, brokers, leader, isr, elr, underReplicated, ...state }: Cluster,
  given: string,
) {
  if (leader !== null) expect(isr, `the ISR has the leader: ${given}`).toContain(leader)
  const wrong = {
    deadInIsr: isr.filter((id) => !brokers[id]?.alive),
    inBoth: elr.filter((id) => isr.includes(id)),
    eligibleForNothing: isr.length >= Math.min(state.minInsyncReplicas, replicas.length) ? elr : [],
  }
  expect(wrong, given).toEqual({ deadInIsr: [], inBoth: [], eligibleForNothing: [] })
  expect(underReplicated, given).toBe(isr.length < replicas.length)
}
