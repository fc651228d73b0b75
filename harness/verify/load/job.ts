/** What the load program is asked to do; it gets this as JSON. */
export type Job =
  | { kind: 'figures'; bootstrap: string; name: string }
  | { kind: 'scale'; bootstrap: string; name: string; factor: number }
  | { kind: 'million'; bootstrap: string }
  | { kind: 'soak'; bootstrap: string; name: string; size: SoakSize }

/** How much of everything. */
export interface SoakSize {
  /** Of joining, leaving and crashing. */
  cycles: number
  topics: number
  records: number
  /** Members that are alive when their process is killed. */
  killed: number
}

/** One measured value by the name of its row (see broker-rows.ts). */
export type Figures = Record<string, number>
