/** What the load program is asked to do; it gets this as JSON. */
export type Job =
  | { kind: 'figures'; bootstrap: string; name: string }
  | { kind: 'scale'; bootstrap: string; name: string; factor: number }
  | { kind: 'million'; bootstrap: string }

/** One measured value by the name of its row (see broker-rows.ts). */
export type Figures = Record<string, number>
