import type { RequestContext } from './handler.ts'
import { checkLeaderEpoch } from './leader-epoch.ts'
import { Refusal } from './refusal.ts'
import type { Partition } from './topics.ts'

/**
 * Refuses a client that asks another node than the leader, or that knows the leader by a wrong epoch. `-1` is the epoch of
 * clients that know none. A node without a replica knows no epochs, so it does not look at them (ReplicaManager).
 */
export function checkLeader(partition: Partition, nodeId: number, epoch = -1): void {
  checkReplica(partition, nodeId, epoch)
  if (partition.leaderId !== nodeId) throw new Refusal('NOT_LEADER_OR_FOLLOWER')
}

/** As `checkLeader`, where followers may answer, too. */
export function checkReplica(partition: Partition, nodeId: number, epoch: number): void {
  if (!partition.replicas.includes(nodeId)) throw new Refusal('NOT_LEADER_OR_FOLLOWER')
  checkLeaderEpoch(partition, epoch)
}

/** Refuses a producer that asks another node than the coordinator of its transactional id. */
export function checkCoordinator(context: Pick<RequestContext, 'state' | 'nodeId'>, id: string): void {
  if (!isCoordinator(context, id)) throw new Refusal('NOT_COORDINATOR')
}

/** Whether the node that was asked coordinates this group or transactional id; an empty one is refused elsewhere. */
export function isCoordinator(
  { state, nodeId }: Pick<RequestContext, 'state' | 'nodeId'>,
  id: string,
): boolean {
  return id === '' || state.coordinators.of(id)?.id === nodeId
}
