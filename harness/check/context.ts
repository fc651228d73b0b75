import type { KeeperAddress } from '../answer/keeper-client.ts'
import type { Security } from '../kafka/client/security.ts'
import type { BrokerKind } from '../result.ts'

/** What a run tells the vitest workers, by vitest's `provide`. Plain data. */
export interface RunContext {
  /** Absolute path of the workbook. */
  root: string
  /** Short id of this run, part of every name on the broker. */
  run: string
  /** Start of all random input of this run. */
  seed: number
  broker: {
    kind: BrokerKind
    version: string
    bootstrap: string
    /** With passwords: it never leaves the processes of the workbook. */
    security: Security | null
    minSessionTimeoutMs: number
  }
  keeper: KeeperAddress
  /** Exercise name -> absolute path of the answer to judge, where it is not the learner's own file. */
  answerFiles: Record<string, string>
  /** Keeps answers away from topics and groups of others on the same broker. */
  guarded: boolean
  /** Keep the wire strip of passed checks, too. */
  allWire: boolean
}

/** How all names of a run on the broker start. */
export function namesStart(run: string): string {
  return `wb-${run}-`
}

declare module 'vitest' {
  interface ProvidedContext {
    workbook: RunContext
  }
  interface TaskMeta {
    workbook?: import('../result.ts').CheckResult
  }
}
