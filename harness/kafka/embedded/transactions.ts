import type { Marker } from '../protocol/control-batch.ts'
import type { Clock } from './clock.ts'
import type { Settings } from './config-definition.ts'
import type { Groups } from './groups.ts'
import type { ProducerIds } from './producers.ts'
import { Refusal } from './refusal.ts'
import { Timer } from './timer.ts'
import type { Topics } from './topics.ts'
import { type ProducerIdentity, Transaction } from './transaction.ts'

/** A producer as it speaks of itself in every request of a transaction. */
export interface TransactionalProducer extends ProducerIdentity {
  transactionalId: string
}

/** A producer that wants to begin; `current` is what it has, when it goes on after an error (KIP-360). */
export interface StartingProducer {
  transactionalId: string
  timeoutMs: number
  current?: ProducerIdentity | null
}

export interface TopicPartitions {
  topic: string
  partitions: readonly number[]
}

/** What a transaction can touch. */
interface Participants {
  topics: Topics
  groups: Groups
}

/**
 * All transactions of the broker, one per transactional id (Kafka's TransactionCoordinator, as clients before version 2
 * of the transaction protocol use it, KIP-98; kafkajs is one). Every method throws Refusal.
 *
 * Kafka writes the markers after it has answered EndTxn, and refuses what comes meanwhile with CONCURRENT_TRANSACTIONS. Here
 * they are written at once, so its states PrepareCommit and PrepareAbort are never seen.
 */
export class Transactions {
  readonly #clock: Clock
  readonly #settings: Settings
  readonly #producerIds: ProducerIds
  readonly #participants: Participants
  readonly #byId = new Map<string, Transaction>()
  readonly #timeoutTimer: Timer

  constructor(clock: Clock, settings: Settings, producerIds: ProducerIds, participants: Participants) {
    this.#clock = clock
    this.#settings = settings
    this.#producerIds = producerIds
    this.#participants = participants
    this.#timeoutTimer = new Timer(clock)
    this.#scheduleTimeouts()
  }

  /**
   * The id and epoch with which a producer may begin transactions. Whoever had this transactional id before is fenced: the
   * epoch goes up. When it left a transaction open, that one is aborted first, and the producer has to ask again. Kafka
   * looks at the request before it looks whether the node that was asked is the coordinator.
   */
  initProducer(
    { transactionalId, timeoutMs, current = null }: StartingProducer,
    isCoordinator = true,
  ): ProducerIdentity {
    if (transactionalId === '') throw new Refusal('INVALID_REQUEST')
    if (timeoutMs <= 0 || timeoutMs > Number(this.#settings['transaction.max.timeout.ms'])) {
      throw new Refusal('INVALID_TRANSACTION_TIMEOUT')
    }
    if (!isCoordinator) throw new Refusal('NOT_COORDINATOR')
    const transaction = this.#byId.get(transactionalId) ?? new Transaction(this.#producerIds)
    this.#byId.set(transactionalId, transaction)
    if (current) transaction.checkProducerId(current)
    if (transaction.state === 'Ongoing') {
      this.#abortAndFence(transaction)
      throw new Refusal('CONCURRENT_TRANSACTIONS')
    }
    return transaction.startProducer(timeoutMs, current)
  }

  /** Puts partitions into the producer's transaction, which begins with the first of them. */
  addPartitions(producer: TransactionalProducer, added: readonly TopicPartitions[]): void {
    const transaction = this.#transactionOf(producer)
    transaction.begin(this.#clock.now())
    for (const { topic, partitions } of added) transaction.addPartitions(topic, partitions)
  }

  /** Puts the offsets of a group into the producer's transaction. */
  addGroup(producer: TransactionalProducer, groupId: string): void {
    const transaction = this.#transactionOf(producer)
    transaction.begin(this.#clock.now())
    transaction.groups.add(groupId)
  }

  /** Refuses records for a partition that is not in the producer's transaction (KIP-890, AddPartitionsToTxnManager). */
  verifyPartition(producer: TransactionalProducer, topic: string, partition: number): void {
    const transaction = this.#transactionToVerify(producer)
    if (transaction.has(topic, partition)) return
    throw new Refusal('INVALID_TXN_STATE', 'Partition was not added to the transaction')
  }

  /** Refuses offsets of a group that is not in the producer's transaction. */
  verifyGroup(producer: TransactionalProducer, groupId: string): void {
    if (!this.#transactionToVerify(producer).groups.has(groupId)) throw new Refusal('INVALID_TXN_STATE')
  }

  /** Ends the producer's transaction. To end it again in the same way is no error: the answer may have been lost. */
  end(producer: TransactionalProducer, marker: Marker): void {
    const transaction = this.#transactionOf(producer)
    const ended = marker === 'commit' ? 'CompleteCommit' : 'CompleteAbort'
    if (transaction.state === ended) return
    if (transaction.state !== 'Ongoing') throw new Refusal('INVALID_TXN_STATE')
    this.#complete(transaction, marker)
  }

  #transactionOf({ transactionalId, producerId, producerEpoch }: TransactionalProducer): Transaction {
    if (transactionalId === '') throw new Refusal('INVALID_REQUEST')
    const transaction = this.#byId.get(transactionalId)
    if (transaction?.producerId !== producerId) throw new Refusal('INVALID_PRODUCER_ID_MAPPING')
    if (transaction.producerEpoch !== producerEpoch) throw new Refusal('PRODUCER_FENCED')
    return transaction
  }

  /** Who is fenced hears it, while it writes, in the older word; the newer one would end the whole client. */
  #transactionToVerify(producer: TransactionalProducer): Transaction {
    try {
      return this.#transactionOf(producer)
    } catch (error) {
      const isFenced = error instanceof Refusal && error.error === 'PRODUCER_FENCED'
      throw isFenced ? new Refusal('INVALID_PRODUCER_EPOCH') : error
    }
  }

  /** A marker for every partition, those too that got no record; a partition that is gone needs none. */
  #complete(transaction: Transaction, marker: Marker): void {
    const { producerId, producerEpoch } = transaction
    for (const [topic, partition] of transaction.partitions()) {
      const log = this.#participants.topics.partition(topic, partition)?.log
      log?.appendMarker({ marker, producerId, producerEpoch })
    }
    for (const groupId of transaction.groups) {
      this.#participants.groups.endTransaction(groupId, producerId, marker)
    }
    transaction.complete(marker)
  }

  #abortAndFence(transaction: Transaction): void {
    transaction.fence()
    this.#complete(transaction, 'abort')
  }

  #scheduleTimeouts(): void {
    const intervalMs = Number(this.#settings['transaction.abort.timed.out.transaction.cleanup.interval.ms'])
    this.#timeoutTimer.set(intervalMs, () => {
      for (const transaction of this.#byId.values()) {
        if (transaction.isOverdue(this.#clock.now())) this.#abortAndFence(transaction)
      }
      this.#scheduleTimeouts()
    })
  }
}
