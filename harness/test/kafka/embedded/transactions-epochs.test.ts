import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InitProducerId } from '../../../kafka/protocol/api/22-init-producer-id.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { freshName } from '../test-broker.ts'
import { type Producer, type TransactionScene, transactionScene } from './transaction-scene.ts'

/*
 * Producers that say which id and epoch they have, to go on after an error (KIP-360), on the embedded broker unless
 * WORKBOOK_TEST_BROKER names another.
 */

let scene: TransactionScene

beforeAll(async () => {
  scene = await transactionScene()
})

afterAll(() => scene.close())

interface Current {
  transactionalId: string | null
  producerId: bigint
  producerEpoch: number
}

/** The epoch that is given, or the error. */
async function goOn(current: Current, version = 4): Promise<number | string> {
  const body = { ...current, transactionTimeoutMs: 60_000 }
  const { errorCode, producerEpoch } = await scene.client.request(InitProducerId, version, body)
  return errorCode === 0 ? producerEpoch : errorName(errorCode)
}

/** Goes on once the transaction before has ended everywhere. */
async function goOnWhenReady(producer: Producer): Promise<number | string> {
  for (;;) {
    const answer = await goOn(producer)
    if (answer !== 'CONCURRENT_TRANSACTIONS') return answer
  }
}

describe('InitProducerId by a producer that has an epoch', () => {
  it('gives the next one, and the same again to one that did not hear the answer', async () => {
    const producer = await scene.init()
    expect(producer.producerEpoch).toBe(0)
    expect(await goOn(producer, 3)).toBe(1)
    expect(await goOn(producer, 3)).toBe(1)
    expect(await goOn({ ...producer, producerEpoch: 1 })).toBe(2)
  })

  it('fences whoever has an older epoch, one of the future, or another id', async () => {
    const producer = await scene.init()
    await goOn(producer)
    await goOn({ ...producer, producerEpoch: 1 })
    expect(await goOn(producer)).toBe('PRODUCER_FENCED')
    expect(await goOn(producer, 3)).toBe('INVALID_PRODUCER_EPOCH')
    expect(await goOn({ ...producer, producerEpoch: 9 })).toBe('PRODUCER_FENCED')
    const other = { ...producer, producerId: producer.producerId + 1_000_000n, producerEpoch: 2 }
    expect(await goOn(other)).toBe('PRODUCER_FENCED')
    expect(await goOn({ ...producer, producerEpoch: 2 })).toBe(3)
  })

  it('fences the one before, once somebody started without an epoch', async () => {
    const before = await scene.init()
    const after = await scene.init(before.transactionalId)
    expect(after.producerEpoch).toBe(1)
    expect(await goOn(before)).toBe('PRODUCER_FENCED')
    expect(await goOn(after)).toBe(2)
  })

  it('aborts the transaction that is open; its owner may go on, and need not know the new epoch', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    await scene.add(producer, { [topic]: [0] })
    expect(await goOn(producer)).toBe('CONCURRENT_TRANSACTIONS')
    expect(await goOnWhenReady(producer)).toBe(1)
    expect(await goOn({ ...producer, producerEpoch: 1 })).toBe(2)
  })

  it('goes on with the epoch of a transaction that was aborted', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    await scene.transact(topic, producer, 0, 'abort')
    expect(await goOnWhenReady(producer)).toBe(1)
    expect(await scene.end(producer, 'commit', 3)).toBe('PRODUCER_FENCED')
  })

  it('needs both, id and epoch; a new transactional id and an idempotent producer get fresh ones', async () => {
    const producer = await scene.init()
    expect(await goOn({ ...producer, producerEpoch: -1 })).toBe('INVALID_REQUEST')
    expect(await goOn({ ...producer, producerId: -1n })).toBe('INVALID_REQUEST')
    expect(await goOn({ ...producer, transactionalId: null, producerId: -1n })).toBe('INVALID_REQUEST')
    expect(await goOn({ ...producer, transactionalId: freshName(), producerEpoch: 7 })).toBe(0)
    expect(await goOn({ ...producer, transactionalId: null, producerEpoch: 7 })).toBe(0)
  })
})
