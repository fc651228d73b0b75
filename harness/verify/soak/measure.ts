/** What a process holds on to, as it tells about itself. */
export interface Holdings {
  /** How many of each kind keep the process alive: `TCPSocketWrap`, `Timeout` (process.getActiveResourcesInfo). */
  resources: Record<string, number>
  topics: number
  groups: number
  /** Bytes of live objects, after a garbage collection. */
  heapBytes: number
  /** Bytes of live buffers: the records are among them. */
  bufferBytes: number
}

/** What the process of the broker is told, and what it answers. */
export type SoakQuestion = { ask: 'holdings' }
export type SoakAnswer = { bootstrap: string } | { holdings: Holdings }
