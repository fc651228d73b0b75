import { javaHash } from './java-hash.ts'
import type { ClusterNode, Nodes } from './nodes.ts'
import { Replication } from './replication.ts'

/** Kafka's default for `__consumer_offsets` and for `__transaction_state`. */
const PARTITIONS = 50
const LOWEST_INT = -0x80000000

/**
 * Which node coordinates which groups and transactional ids: the leader of the partition of an internal topic that the id
 * hashes to. The topics themselves do not exist here; their partitions have a replica on every node.
 */
export class Coordinators {
  readonly #nodes: Nodes
  #partitions: readonly Replication[] | undefined

  constructor(nodes: Nodes) {
    this.#nodes = nodes
  }

  /** The coordinator of a group or of a transactional id; undefined when no node can be it. */
  of(id: string): ClusterNode | undefined {
    const partition = this.#all[partitionFor(id)]
    return partition && this.#nodes.find(partition.leaderId)
  }

  /** Lets `change` move the leaders of the internal topics. */
  move(change: (partition: Replication) => void): void {
    for (const partition of this.#all) change(partition)
  }

  /** Made when first needed: by then all nodes are registered. */
  get #all(): readonly Replication[] {
    this.#partitions ??= Array.from(
      { length: PARTITIONS },
      (_, index) => new Replication(rotate(this.#nodes.ids, index), this.#nodes, () => 1),
    )
    return this.#partitions
  }
}

/** GroupCoordinatorService.partitionFor; Java has no positive number for the lowest one, and Utils.abs takes 0. */
function partitionFor(id: string): number {
  const hash = javaHash(id)
  return hash === LOWEST_INT ? 0 : Math.abs(hash) % PARTITIONS
}

/** `[1, 2, 3]` by 1 is `[2, 3, 1]`. */
export function rotate(ids: readonly number[], by: number): number[] {
  const start = ids.length === 0 ? 0 : by % ids.length
  return [...ids.slice(start), ...ids.slice(0, start)]
}
