import { NO_NODE, type Nodes } from './nodes.ts'

/**
 * Who keeps a partition and who leads it, by the rules of Kafka's controller (PartitionChangeBuilder) and with the
 * eligible leader replicas of KIP-966: while fewer replicas than the minimum are in sync the high watermark stands still, so
 * whoever left meanwhile has everything that consumers saw, and may lead again.
 */
export class Replication {
  /** Node ids; the first is the preferred leader. Those of before and those to come, while a reassignment is under way. */
  replicas: readonly number[]
  /** Replicas that a reassignment waits for, and those that go when they are in sync (KIP-455). */
  adding: readonly number[] = []
  removing: readonly number[] = []
  /** -1 when no replica may lead. */
  leaderId: number
  /** Grows whenever the leader changes, also to none (KIP-101). */
  leaderEpoch = 0
  /** The in-sync replicas: in the order of `replicas` at first, in that of their ids once one has come back. */
  isr: readonly number[]
  #eligible: readonly number[] = []
  readonly #nodes: Nodes
  readonly #minInSync: () => number

  constructor(replicas: readonly number[], nodes: Nodes, minInSync: () => number) {
    this.replicas = replicas
    this.#nodes = nodes
    this.#minInSync = minInSync
    this.isr = replicas.filter((id) => nodes.isActive(id))
    this.leaderId = this.isr[0] ?? NO_NODE
  }

  /** Replicas that cannot be had at the moment. */
  get offline(): number[] {
    return this.replicas.filter((id) => !this.#nodes.isActive(id))
  }

  /**
   * True when a write with acks=all has to be refused. Kafka asks for no more replicas than there are
   * (Partition.effectiveMinIsr, KAFKA-15583).
   */
  get isUnderMinIsr(): boolean {
    return this.isr.length < Math.min(this.#minInSync(), this.replicas.length)
  }

  /** A node was fenced: it is no longer in sync, and the next in-sync replica leads in its place. */
  nodeFenced(id: number): void {
    if (this.isr.includes(id)) this.#setIsr(this.isr.filter((one) => one !== id))
    if (this.leaderId === id) this.#elect()
  }

  /** A node is back: it may lead when nobody does, and it catches up at once. Leaders stay where they are. */
  nodeUnfenced(id: number): void {
    if (!this.replicas.includes(id)) return
    if (this.leaderId === NO_NODE) this.#elect()
    this.#catchUp()
  }

  get isReassigning(): boolean {
    return this.adding.length > 0 || this.removing.length > 0
  }

  /**
   * Moves the partition to other nodes, as soon as those that are new to it are in sync. One that comes while another is
   * under way goes on with what that was adding, wanted or not (ReplicationControlManager.changePartitionReassignment).
   */
  reassign(target: readonly number[]): void {
    const adding = without(target, this.replicas)
    const removing = without(this.replicas, target)
    this.replicas = [...target, ...removing.sort(byId)]
    if (adding.length > 0) this.adding = adding.sort(byId)
    if (removing.length > 0) this.removing = removing
    this.#catchUp()
  }

  /** Goes back to the replicas of before, though maybe in another order (PartitionReassignmentRevert). */
  cancelReassignment(): void {
    this.#endReassignment(this.adding)
  }

  /** All replicas that are up come into sync, which may end a reassignment. */
  #catchUp(): void {
    if (this.leaderId === NO_NODE) return
    const back = this.replicas.filter((one) => this.#nodes.isActive(one) && !this.isr.includes(one))
    if (back.length > 0) this.#setIsr([...this.isr, ...back].sort(byId))
    const remaining = without(this.isr, this.removing)
    const isComplete = remaining.length > 0 && without(this.adding, remaining).length === 0
    if (this.isReassigning && isComplete) this.#endReassignment(this.removing)
  }

  /** Every replica that goes makes the epoch grow, also one that did not lead (PartitionChangeBuilder). */
  #endReassignment(leaving: readonly number[]): void {
    this.adding = []
    this.removing = []
    this.replicas = without(this.replicas, leaving)
    this.#setIsr(without(this.isr, leaving))
    if (leaving.includes(this.leaderId)) this.#elect()
    else if (leaving.length > 0) this.leaderEpoch += 1
  }

  /** To be called when the minimum changed: the controller forgets who may lead without being in sync. */
  minInSyncChanged(): void {
    this.#eligible = []
  }

  #setIsr(isr: readonly number[]): void {
    const before = [...this.isr, ...this.#eligible]
    this.isr = isr
    this.#eligible = this.isUnderMinIsr ? before.filter((id) => !isr.includes(id)) : []
  }

  #elect(): void {
    const mayLead = (id: number) => this.isr.includes(id) || this.#eligible.includes(id)
    const leader = this.replicas.find((id) => this.#nodes.isActive(id) && mayLead(id)) ?? NO_NODE
    if (leader === this.leaderId) return
    this.leaderId = leader
    this.leaderEpoch += 1
    if (leader !== NO_NODE && !this.isr.includes(leader)) this.#setIsr([leader])
  }
}

function without(ids: readonly number[], others: readonly number[]): number[] {
  return ids.filter((id) => !others.includes(id))
}

function byId(one: number, other: number): number {
  return one - other
}
