import { expect, it } from 'vitest'
import { ProducerIds } from '../../../kafka/embedded/producers.ts'
import { createState } from '../../../kafka/embedded/state.ts'
import { Transaction } from '../../../kafka/embedded/transaction.ts'
import { manualClock } from './manual-clock.ts'

/* What the clients' own tests cannot wait for: the last epochs of a producer id, and the exact moment of a timeout. */

const LAST_EPOCH = 32_766

function transactionAtEpoch(epoch: number): Transaction {
  const transaction = new Transaction(new ProducerIds())
  while (transaction.producerEpoch < epoch) transaction.startProducer(60_000)
  return transaction
}

it('takes a new producer id when the epochs are used up', () => {
  const transaction = transactionAtEpoch(LAST_EPOCH)
  expect(transaction.producerId).toBe(0n)
  expect(transaction.startProducer(60_000)).toEqual({ producerId: 1n, producerEpoch: 0 })
})

it.each([
  [LAST_EPOCH - 2, { producerId: 0n, producerEpoch: LAST_EPOCH }],
  [LAST_EPOCH - 1, { producerId: 1n, producerEpoch: 0 }],
  [LAST_EPOCH, { producerId: 1n, producerEpoch: 1 }],
])('fences a producer with epoch %i, and the next one is where Kafka 4.3.1 puts it', (epoch, next) => {
  const transaction = transactionAtEpoch(epoch)
  transaction.begin(0)
  transaction.fence()
  expect(transaction.producerEpoch).toBe(epoch + 1)
  transaction.complete('abort')
  expect(transaction.startProducer(60_000)).toEqual(next)
})

it('is aborted at the first look after its timeout, counted from its first partition or group', () => {
  const clock = manualClock()
  const intervalMs = 10_000
  const settings = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': String(intervalMs) }
  const { transactions } = createState({ clock, settings })
  const open = (transactionalId: string, timeoutMs: number) => {
    const producer = { transactionalId, ...transactions.initProducer({ transactionalId, timeoutMs }) }
    transactions.addGroup(producer, 'g')
    return producer
  }
  const end = (producer: ReturnType<typeof open>) => () => transactions.end(producer, 'commit')
  const [overdue, exact] = [open('overdue', intervalMs - 1), open('exact', intervalMs)]
  clock.advance(intervalMs)
  expect(end(overdue)).toThrow('PRODUCER_FENCED')
  expect(end(exact)).not.toThrow()
  const late = open('late', intervalMs)
  clock.advance(intervalMs)
  transactions.addGroup(late, 'h')
  clock.advance(intervalMs)
  expect(end(late)).toThrow('PRODUCER_FENCED')
})
