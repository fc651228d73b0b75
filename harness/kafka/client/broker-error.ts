import { errorName } from '../protocol/error-codes.ts'

/**
 * The broker did not do what the harness itself needed: no answer, a lost connection, an error code.
 * It is never the learner's fault: a check that meets one ends in verdict `error`.
 */
export class BrokerError extends Error {
  override name = 'BrokerError'
  /** Kafka's name of the error (`UNKNOWN_TOPIC_OR_PARTITION`), or Node's of a connection that failed (`ECONNREFUSED`); else null. */
  readonly code: string | null

  constructor(message: string, code: string | null = null) {
    super(message)
    this.code = code
  }
}

/** Throws a BrokerError for every code but 0. `doing` completes the sentence "<error> while ...". */
export function throwOnError(errorCode: number, doing: string, detail?: string | null): void {
  if (errorCode === 0) return
  const name = errorName(errorCode)
  throw new BrokerError(`${name} while ${doing}${detail ? `: ${detail}` : ''}`, name)
}

/**
 * Runs `attempt` again, with growing pauses of 10 to 200 ms, while it throws a BrokerError with one of `codes` and
 * `timeoutMs` have not passed; then the last error is thrown.
 */
export async function retryOn<T>(
  codes: readonly string[],
  timeoutMs: number,
  attempt: () => Promise<T>,
): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 200)) {
    try {
      return await attempt()
    } catch (error) {
      const again = error instanceof BrokerError && error.code !== null && codes.includes(error.code)
      if (!again || Date.now() + pauseMs > giveUpAt) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
