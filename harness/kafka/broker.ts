import type { BrokerKind } from '../result.ts'
import type { Security } from './client/security.ts'

/** A running broker, whoever made it. */
export interface Broker {
  kind: BrokerKind
  /** Kafka's version, as far as it is known: `4.3.1`; `4.x` for the embedded broker. */
  version: string
  /** One or more `host:port`, joined by commas. */
  bootstrap: string
  /** How to reach it, where that takes more than TCP. */
  security?: Security | null
  /** How a cluster that runs already was named: addresses, or the absolute path of a file of properties. */
  named?: { broker: string; foreign: boolean }
  /** Whether others use it, too, so that answers are kept to what is theirs. */
  guarded?: boolean
  /** The shortest session timeout of a consumer that it takes, in milliseconds (`group.min.session.timeout.ms`). */
  minSessionTimeoutMs: number
  /** Why this broker was chosen, as one plain line for the screen, or null. */
  note: string | null
  /** Why it is gone: exit code and end of the log of each node that ended; null while all run. Absent where nobody can tell. */
  lastWords?(): Promise<string | null>
  /** Ends one node at once, as a crash does. Absent for a cluster that is not ours. */
  killNode?(id: number): Promise<void>
  /** Stops what this run started; a reused container and a named cluster stay as they are. */
  stop(): Promise<void>
}
