/** A node of the cluster and the address that clients are told. */
export interface ClusterNode {
  readonly id: number
  readonly host: string
  /** Filled in when the node listens: a free port is not known before. */
  port: number
}

/** In the place of a node id: there is none. */
export const NO_NODE = -1

/**
 * The nodes of the cluster as its controller sees them. One that is fenced (KIP-631) stays registered: it keeps its
 * replicas, but it leads nothing, and clients do not hear of it.
 */
export class Nodes {
  readonly #registered: ClusterNode[] = []
  readonly #fenced = new Set<number>()
  #controllerId = NO_NODE

  /** The ids of all nodes, fenced ones too, in the order in which they were registered. */
  get ids(): number[] {
    return this.#registered.map(({ id }) => id)
  }

  /** All nodes, fenced ones too, in the order in which they were registered. */
  get all(): readonly ClusterNode[] {
    return this.#registered
  }

  /** The nodes that take part. */
  get active(): ClusterNode[] {
    return this.#registered.filter(({ id }) => this.isActive(id))
  }

  /** The active controller; -1 while all nodes are fenced. It stays where it has moved. */
  get controllerId(): number {
    return this.#controllerId
  }

  find(id: number): ClusterNode | undefined {
    return this.#registered.find((node) => node.id === id)
  }

  isActive(id: number): boolean {
    return !this.#fenced.has(id) && this.find(id) !== undefined
  }

  register(node: ClusterNode): void {
    this.#registered.push(node)
    this.#moveController()
  }

  fence(id: number): void {
    this.#fenced.add(id)
    this.#moveController()
  }

  unfence(id: number): void {
    this.#fenced.delete(id)
    this.#moveController()
  }

  #moveController(): void {
    if (!this.isActive(this.#controllerId)) this.#controllerId = this.active[0]?.id ?? NO_NODE
  }
}
