import type { Outcome } from './peers.ts'

export interface KindFigures extends Record<Outcome, number> {
  frames: number
  slowestMs: number
}

/** Something that must not be: what, and the frames of the connections that were at work, those over TCP first. */
export interface Find {
  what: string
  frames: Buffer[]
}

/** One frame must not hold everybody up for longer, in milliseconds; much, because a busy machine is no find. */
const SLOWEST_MS = 20_000

/** What a run counts, and what it finds. */
export class Tally {
  readonly finds: Find[] = []
  readonly byKind: Record<string, KindFigures> = {}
  /** Why the broker closed connections that came without a socket, numbers left out, and how often. */
  readonly closes: Record<string, number> = {}
  frames = 0
  overTcp = 0
  connections = 0
  slowestMs = 0
  /** The frames of the connections at work, for a find. */
  atWork: { overTcp: Buffer[]; inMemory: Buffer[] } = { overTcp: [], inMemory: [] }

  note(kind: string, outcome: Outcome, ms: number): void {
    const of = this.byKind[kind] ?? { frames: 0, answered: 0, closed: 0, waiting: 0, slowestMs: 0 }
    this.byKind[kind] = of
    of.frames += 1
    of[outcome] += 1
    of.slowestMs = Math.max(of.slowestMs, ms)
    this.frames += 1
    this.slowestMs = Math.max(this.slowestMs, ms)
    if (ms > SLOWEST_MS) this.found(`one frame took ${Math.round(ms)} ms`)
  }

  /** Hears why the broker closed a connection. */
  readonly onRefused = ({ message }: Error): void => {
    const why = message.replaceAll(/-?\d+/g, 'N')
    this.closes[why] = (this.closes[why] ?? 0) + 1
  }

  readonly onBug = (error: unknown): void => this.failed('an error of the broker', error)

  found(what: string): void {
    this.finds.push({ what, frames: [...this.atWork.overTcp, ...this.atWork.inMemory] })
  }

  /** An error that must not be, with its stack. */
  failed(what: string, error: unknown): void {
    this.found(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
}
