import type { Replication } from './replication.ts'
import type { State } from './state.ts'
import type { Partition } from './topics.ts'

/**
 * What the controller does when it has not heard of a node for too long, or when the node says goodbye: in-sync replicas
 * shrink, leaders and coordinators move.
 */
export function fenceNode(state: State, id: number): void {
  state.nodes.fence(id)
  moveAll(state, (one) => one.nodeFenced(id))
}

/** What the controller does when a node is back: it comes into sync again, and leads only what nobody leads. */
export function unfenceNode(state: State, id: number): void {
  state.nodes.unfence(id)
  moveAll(state, (one) => one.nodeUnfenced(id))
}

function moveAll({ topics, groups, coordinators }: State, move: (one: Replication) => void): void {
  for (const { partitions } of topics) for (const partition of partitions) movePartition(partition, move)
  const before = new Map(groups.list().map(({ groupId }) => [groupId, coordinators.of(groupId)]))
  coordinators.move(move)
  for (const [groupId, node] of before) if (coordinators.of(groupId) !== node) groups.moved(groupId)
}

function movePartition(partition: Partition, move: (one: Replication) => void): void {
  move(partition)
  partition.updateLog()
}
