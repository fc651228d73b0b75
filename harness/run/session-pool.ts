import { availableParallelism } from 'node:os'
import type { Broker } from '../kafka/broker.ts'
import { inTurns } from './in-turns.ts'
import { JudgementCancelled, openSession, type Session, type SessionOptions } from './session.ts'

/** More sessions than this would wait for their one broker. */
const MOST_SESSIONS = 4
/**
 * Answers wait for pauses and session timeouts a third of their time, and others can use the processor then. With one session
 * more than two processors, a third of these was still idle.
 */
const SESSIONS_MORE_THAN_PROCESSORS = 2

/** Several sessions on one broker, which share the work of judging many answers. The broker belongs to the caller. */
export class SessionPool {
  private readonly options: SessionOptions & { broker: Broker }
  private readonly sessions: Session[] = []
  private closed = false

  constructor(options: SessionOptions & { broker: Broker }) {
    this.options = options
  }

  /** Opens as many sessions as this machine can use for `pieces` pieces of work. */
  async open(pieces: number): Promise<void> {
    const most = Math.min(availableParallelism() + SESSIONS_MORE_THAN_PROCESSORS, MOST_SESSIONS, pieces)
    while (this.sessions.length < most) this.sessions.push(await openSession(this.options))
  }

  /**
   * Does `work` once for every item; items of one kind take turns with those of others. Rejects with what `work` rejects
   * with, or with JudgementCancelled when the pool is closed meanwhile: no further item is begun.
   */
  async each<T>(
    items: readonly T[],
    kindOf: (item: T) => string,
    work: (session: Session, item: T) => Promise<void>,
  ): Promise<void> {
    const waiting = inTurns(items, kindOf).values()
    const serve = async (session: Session) => {
      // One iterator for all: each takes what nobody has taken yet.
      for (const item of waiting) {
        await work(session, item)
        if (this.closed) throw new JudgementCancelled('The sessions were closed.')
      }
    }
    await Promise.all(this.sessions.map(serve))
  }

  async close(): Promise<void> {
    this.closed = true
    await Promise.all(this.sessions.splice(0).map((session) => session.close()))
  }
}
