import type { Marker } from '../protocol/control-batch.ts'
import type { ProducerIds } from './producers.ts'
import { Refusal } from './refusal.ts'

/** Kafka's names (TransactionState). */
export type TransactionState = 'Empty' | 'Ongoing' | 'CompleteCommit' | 'CompleteAbort'

export interface ProducerIdentity {
  producerId: bigint
  producerEpoch: number
}

const NO_EPOCH = -1

/** An epoch is an INT16; the last number of it is left for fencing (TransactionMetadata.isEpochExhausted). */
const LAST_EPOCH = 2 ** 15 - 2

/** The state of one transactional id: its producer, and the transaction under way or the last one (TransactionMetadata). */
export class Transaction {
  readonly groups = new Set<string>()
  readonly #producerIds: ProducerIds
  readonly #partitions = new Map<string, Set<number>>()
  #producerId: bigint
  #producerEpoch = NO_EPOCH
  /** The epoch before, if its owner may still come back with it: its answer was lost, or its transaction took too long. */
  #lastEpoch = NO_EPOCH
  /** The id before, once its epochs were used up. */
  #previousId: bigint | null = null
  #timeoutMs = 0
  #startedAtMs = 0
  #state: TransactionState = 'Empty'

  constructor(producerIds: ProducerIds) {
    this.#producerIds = producerIds
    this.#producerId = producerIds.allocate()
  }

  get state(): TransactionState {
    return this.#state
  }

  get producerId(): bigint {
    return this.#producerId
  }

  get producerEpoch(): number {
    return this.#producerEpoch
  }

  /** Each partition in the transaction. */
  *partitions(): Iterable<[topic: string, partition: number]> {
    for (const [topic, partitions] of this.#partitions) {
      for (const partition of partitions) yield [topic, partition]
    }
  }

  has(topic: string, partition: number): boolean {
    return this.#partitions.get(topic)?.has(partition) ?? false
  }

  /** Refuses a producer that says it has this transactional id, but has another producer id (KIP-360). */
  checkProducerId({ producerId, producerEpoch }: ProducerIdentity): void {
    const isNew = this.#producerEpoch === NO_EPOCH
    const isReplaced = producerId === this.#previousId && producerEpoch >= LAST_EPOCH
    if (!isNew && !isReplaced && producerId !== this.#producerId) throw new Refusal('PRODUCER_FENCED')
  }

  /**
   * A producer starts under this transactional id: the next epoch, or a new producer id when there is none left. One that
   * says what it has, `current`, goes on with the epoch after that, also when it asks twice (KIP-360); it is refused when
   * somebody else took the epoch after its own (TransactionMetadata.prepareIncrementProducerEpoch).
   */
  startProducer(timeoutMs: number, current: ProducerIdentity | null = null): ProducerIdentity {
    const isNew = this.#producerEpoch === NO_EPOCH
    const isCurrent = isNew || current === null || current.producerEpoch === this.#producerEpoch
    if (!isCurrent && current.producerEpoch !== this.#lastEpoch) throw new Refusal('PRODUCER_FENCED')
    if (isCurrent) this.#takeNextEpoch(current !== null)
    this.#timeoutMs = timeoutMs
    this.#state = 'Empty'
    return { producerId: this.#producerId, producerEpoch: this.#producerEpoch }
  }

  /** Begins a transaction; nothing happens when one is under way. */
  begin(nowMs: number): void {
    if (this.#state === 'Ongoing') return
    this.#state = 'Ongoing'
    this.#startedAtMs = nowMs
  }

  addPartitions(topic: string, partitions: readonly number[]): void {
    const known = this.#partitions.get(topic) ?? new Set<number>()
    this.#partitions.set(topic, known)
    for (const partition of partitions) known.add(partition)
  }

  /** Shuts out the producer, which keeps the epoch that it was given. */
  fence(): void {
    this.#lastEpoch = this.#producerEpoch
    this.#producerEpoch += 1
  }

  isOverdue(nowMs: number): boolean {
    return this.#state === 'Ongoing' && nowMs > this.#startedAtMs + this.#timeoutMs
  }

  /** The end. A producer id whose very last epoch went into fencing is given up at once, with the first epoch of a new one. */
  complete(marker: Marker): void {
    if (this.#producerEpoch > LAST_EPOCH) this.#takeNewId()
    this.#state = marker === 'commit' ? 'CompleteCommit' : 'CompleteAbort'
    this.#partitions.clear()
    this.groups.clear()
  }

  #takeNextEpoch(mayComeBack: boolean): void {
    this.#lastEpoch = mayComeBack ? this.#producerEpoch : NO_EPOCH
    if (this.#producerEpoch >= LAST_EPOCH) this.#takeNewId()
    else this.#producerEpoch += 1
  }

  #takeNewId(): void {
    this.#previousId = this.#producerId
    this.#producerId = this.#producerIds.allocate()
    this.#producerEpoch = 0
  }
}
