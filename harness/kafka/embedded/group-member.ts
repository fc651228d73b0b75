import type { Clock } from './clock.ts'
import {
  type GroupProtocol,
  type JoinAnswer,
  type JoinRequest,
  NO_BYTES,
  type SyncAnswer,
} from './group-messages.ts'
import { Timer } from './timer.ts'

/** One member of a group, with the answers that it is waiting for. */
export class Member {
  readonly id: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  protocols: GroupProtocol[]
  assignment: Buffer = NO_BYTES
  /** True until its first join is answered: it does not know its id yet, so it cannot send heartbeats. */
  isNew = true
  /** Runs when the member was silent for too long. */
  readonly session: Timer
  #join: ((answer: JoinAnswer) => void) | null = null
  #sync: ((answer: SyncAnswer) => void) | null = null

  constructor(id: string, request: JoinRequest, clock: Clock) {
    this.id = id
    this.instanceId = request.instanceId
    this.clientId = request.clientId
    this.clientHost = request.clientHost
    this.sessionTimeoutMs = request.sessionTimeoutMs
    this.rebalanceTimeoutMs = request.rebalanceTimeoutMs
    this.protocols = request.protocols
    this.session = new Timer(clock)
  }

  get isStatic(): boolean {
    return this.instanceId !== null
  }

  get awaitsJoin(): boolean {
    return this.#join !== null
  }

  /** A member that waits for us is alive, but for a new one, which may have gone away while it was waiting. */
  get isExcusedFromHeartbeats(): boolean {
    return !this.isNew && (this.#join !== null || this.#sync !== null)
  }

  /** Takes over what a repeated join brings. */
  update(request: JoinRequest): void {
    this.protocols = request.protocols
    this.sessionTimeoutMs = request.sessionTimeoutMs
    this.rebalanceTimeoutMs = request.rebalanceTimeoutMs
  }

  /** Settled by `answerJoin`. When the member asks again meanwhile, only the newest request is answered, as in Kafka. */
  parkJoin(): Promise<JoinAnswer> {
    return new Promise((resolve) => {
      this.#join = resolve
    })
  }

  /** Settled by `answerSync`. */
  parkSync(): Promise<SyncAnswer> {
    return new Promise((resolve) => {
      this.#sync = resolve
    })
  }

  /** Answers the join that waits, if one does. */
  answerJoin(answer: JoinAnswer): void {
    const join = this.#join
    this.#join = null
    join?.(answer)
  }

  /** Answers the sync that waits; false when none does. */
  answerSync(answer: SyncAnswer): boolean {
    const sync = this.#sync
    this.#sync = null
    sync?.(answer)
    return sync !== null
  }

  metadata(protocolName: string | null): Buffer {
    return this.protocols.find(({ name }) => name === protocolName)?.metadata ?? NO_BYTES
  }

  /** True when a join brings nothing new: the same protocols with the same metadata in the same order. */
  matches(protocols: GroupProtocol[]): boolean {
    return (
      protocols.length === this.protocols.length &&
      protocols.every(({ name, metadata }, index) => {
        const own = this.protocols[index]
        return own !== undefined && own.name === name && own.metadata.equals(metadata)
      })
    )
  }
}
