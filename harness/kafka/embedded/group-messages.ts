import type { ErrorName } from '../protocol/error-codes.ts'

/** What members ask of a group and what it answers, free of the wire: errors are Kafka's names. */

/** A way of sharing out partitions that a member can speak, with what it tells the leader (its subscription). */
export interface GroupProtocol {
  name: string
  metadata: Buffer
}

/** Who speaks. `memberId` is empty for a stranger; `instanceId` is null but for static members (KIP-345). */
export interface MemberIdentity {
  memberId: string
  instanceId: string | null
}

export interface JoinRequest extends MemberIdentity {
  groupId: string
  clientId: string
  clientHost: string
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  protocolType: string
  /** In the order of the member's preference. */
  protocols: GroupProtocol[]
  /** True for clients that can be sent away to come back with an id (KIP-394, JoinGroup 4 and later). */
  memberIdRequired: boolean
}

export interface JoinAnswer {
  error: ErrorName
  memberId: string
  generationId: number
  protocolName: string
  leaderId: string
  /** Everybody, for the leader; empty for the others. */
  members: { memberId: string; instanceId: string | null; metadata: Buffer }[]
}

/** A member together with the generation that it believes in; -1 for a client outside of group management. */
export interface GenerationMember extends MemberIdentity {
  groupId: string
  generationId: number
}

export interface SyncRequest extends GenerationMember {
  /** From the leader; empty from the others. */
  assignments: { memberId: string; assignment: Buffer }[]
}

export interface SyncAnswer {
  error: ErrorName
  assignment: Buffer
}

export type Leaving = MemberIdentity & { error: ErrorName }

export const NO_BYTES = Buffer.alloc(0)

export function refusedJoin(error: ErrorName, memberId: string): JoinAnswer {
  return { error, memberId, generationId: -1, protocolName: '', leaderId: '', members: [] }
}

export function refusedSync(error: ErrorName): SyncAnswer {
  return { error, assignment: NO_BYTES }
}
