import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshName } from '../test-broker.ts'
import { type TransactionScene, transactionScene } from './transaction-scene.ts'

/* Raw requests of transactional producers against a broker, the embedded one unless WORKBOOK_TEST_BROKER names another. */

let scene: TransactionScene

beforeAll(async () => {
  scene = await transactionScene()
})

afterAll(() => scene.close())

describe('InitProducerId', () => {
  it('refuses an empty id and a timeout that is not between 1 ms and 15 minutes', async () => {
    const refused = { producerId: -1n, producerEpoch: -1 }
    expect(await scene.tryInit('')).toEqual({ error: 'INVALID_REQUEST', ...refused })
    for (const timeoutMs of [-1, 0, 900_001]) {
      const answer = await scene.tryInit(freshName(), timeoutMs)
      expect(answer).toEqual({ error: 'INVALID_TRANSACTION_TIMEOUT', ...refused })
    }
    expect((await scene.init(freshName(), 900_000)).producerEpoch).toBe(0)
  })

  it('keeps the producer id of a transactional id, and counts the epoch up', async () => {
    const first = await scene.init()
    const second = await scene.init(first.transactionalId)
    expect(first.producerEpoch).toBe(0)
    expect(second).toEqual({ ...first, producerEpoch: 1 })
  })

  it('aborts a transaction that is open first: the next epoch but one, after CONCURRENT_TRANSACTIONS', async () => {
    const topic = await scene.topicWith()
    const old = await scene.init()
    await scene.add(old, { [topic]: [0] })
    await scene.send(topic, old, 0)
    expect((await scene.tryInit(old.transactionalId)).error).toBe('CONCURRENT_TRANSACTIONS')
    expect(await scene.init(old.transactionalId)).toEqual({ ...old, producerEpoch: 2 })
    expect((await scene.send(topic, old, 1)).error).toBe('INVALID_PRODUCER_EPOCH')
    const { entries, aborted } = await scene.read(topic)
    expect(entries).toEqual(['0', '1 abort'])
    expect(aborted).toEqual([{ producerId: old.producerId, firstOffset: 0n }])
  })
})

describe('who is not the producer of a transactional id', () => {
  it('is fenced, in the word that the version knows', async () => {
    const topic = await scene.topicWith()
    const old = await scene.init()
    await scene.init(old.transactionalId)
    const ask = async (version: number) => [
      ...(await scene.add(old, { [topic]: [0] }, version)),
      await scene.addGroup(old, 'g', version),
      await scene.end(old, 'commit', version),
    ]
    expect(await ask(1)).toEqual(Array(3).fill('INVALID_PRODUCER_EPOCH'))
    expect(await ask(2)).toEqual(Array(3).fill('PRODUCER_FENCED'))
    expect((await scene.send(topic, old, 0)).error).toBe('INVALID_PRODUCER_EPOCH')
  })

  it('has no mapping with another producer id, or an id that nobody has', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    const changes = [{ producerId: producer.producerId + 1_000_000n }, { transactionalId: freshName() }]
    for (const change of changes) {
      const other = { ...producer, ...change }
      expect(await scene.add(other, { [topic]: [0] })).toEqual(['INVALID_PRODUCER_ID_MAPPING'])
      expect(await scene.addGroup(other, 'g')).toBe('INVALID_PRODUCER_ID_MAPPING')
      expect(await scene.end(other, 'abort')).toBe('INVALID_PRODUCER_ID_MAPPING')
      expect((await scene.send(topic, other, 0)).error).toBe('INVALID_PRODUCER_ID_MAPPING')
    }
  })

  it('needs an id at all', async () => {
    const topic = await scene.topicWith()
    const producer = { ...(await scene.init()), transactionalId: '' }
    expect(await scene.add(producer, { [topic]: [0] })).toEqual(['INVALID_REQUEST'])
    expect(await scene.addGroup(producer, 'g')).toBe('INVALID_REQUEST')
    expect(await scene.end(producer, 'abort')).toBe('INVALID_REQUEST')
    expect((await scene.send(topic, producer, 0)).error).toBe('INVALID_REQUEST')
  })
})

describe('AddPartitionsToTxn', () => {
  it('adds all partitions or none', async () => {
    const topic = await scene.topicWith(2)
    const producer = await scene.init()
    const answers = await scene.add(producer, { [topic]: [7], [freshName()]: [0] })
    expect(answers).toEqual(['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_OR_PARTITION'])
    expect((await scene.add(producer, { [topic]: [0, 7] })).sort()).toEqual([
      'OPERATION_NOT_ATTEMPTED',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
    expect(await scene.end(producer, 'commit')).toBe('INVALID_TXN_STATE')
    expect(await scene.add(producer, { [topic]: [0, 1] })).toEqual(['NONE', 'NONE'])
    expect(await scene.add(producer, { [topic]: [0] })).toEqual(['NONE'])
  })
})

describe('Produce', () => {
  it('refuses records for a partition that is not in the transaction', async () => {
    const topic = await scene.topicWith(2)
    const producer = await scene.init()
    const refused = { error: 'INVALID_TXN_STATE', errorMessage: 'Partition was not added to the transaction' }
    expect(await scene.send(topic, producer, 0)).toMatchObject({ ...refused, logStartOffset: -1n })
    await scene.add(producer, { [topic]: [0] })
    expect(await scene.send(topic, producer, 0, { partition: 1 })).toMatchObject(refused)
    expect((await scene.send(topic, producer, 0)).error).toBe('NONE')
    await scene.end(producer, 'commit')
    await scene.settled(topic)
    expect(await scene.send(topic, producer, 1)).toMatchObject(refused)
  })

  it('refuses records of a transaction in a request without a transactional id', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    await scene.add(producer, { [topic]: [0] })
    const refused = { error: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', errorMessage: null, baseOffset: -1n }
    for (const acks of [-1, 2]) {
      expect(await scene.send(topic, producer, 0, { transactionalId: null, acks })).toMatchObject(refused)
    }
  })

  it('looks at the transaction before it looks at acks', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    expect((await scene.send(topic, producer, 0, { acks: 2 })).error).toBe('INVALID_TXN_STATE')
    await scene.add(producer, { [topic]: [0] })
    expect((await scene.send(topic, producer, 0, { acks: 2 })).error).toBe('INVALID_REQUIRED_ACKS')
  })

  it('refuses records outside of the transaction, from the same producer to the same partition', async () => {
    const topic = await scene.topicWith(2)
    const producer = await scene.init()
    await scene.add(producer, { [topic]: [0] })
    const outside = { transactional: false }
    expect((await scene.send(topic, producer, 0, outside)).error).toBe('NONE')
    expect((await scene.send(topic, producer, 1)).error).toBe('NONE')
    expect((await scene.send(topic, producer, 2, outside)).error).toBe('INVALID_TXN_STATE')
    expect((await scene.send(topic, producer, 0, { ...outside, partition: 1 })).error).toBe('NONE')
  })

  it('counts the sequence on from one transaction to the next, and knows repeats only within', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    await scene.add(producer, { [topic]: [0] })
    const answers = []
    for (const sequence of [0, 0, 2, 1]) answers.push((await scene.send(topic, producer, sequence)).error)
    expect(answers).toEqual(['NONE', 'NONE', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'NONE'])
    await scene.end(producer, 'commit')
    await scene.settled(topic)
    expect(await scene.transact(topic, producer, 2, 'commit')).toBe(3n)
    expect((await scene.send(topic, producer, 2)).error).toBe('INVALID_TXN_STATE')
  })

  it('lets nothing overtake a first batch, even one that was refused', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    expect((await scene.send(topic, producer, 3)).error).toBe('INVALID_TXN_STATE')
    await scene.add(producer, { [topic]: [0] })
    expect((await scene.send(topic, producer, 4)).error).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect((await scene.send(topic, producer, 3)).error).toBe('NONE')
    expect((await scene.send(topic, producer, 4)).error).toBe('NONE')
  })

  it('starts the sequence again with a new epoch', async () => {
    const topic = await scene.topicWith()
    const old = await scene.init()
    await scene.transact(topic, old, 0, 'commit')
    const producer = await scene.init(old.transactionalId)
    await scene.add(producer, { [topic]: [0] })
    expect((await scene.send(topic, producer, 1)).error).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect((await scene.send(topic, producer, 0)).error).toBe('NONE')
  })
})

describe('EndTxn', () => {
  it('needs a transaction', async () => {
    const producer = await scene.init()
    expect(await scene.end(producer, 'commit')).toBe('INVALID_TXN_STATE')
    expect(await scene.end(producer, 'abort')).toBe('INVALID_TXN_STATE')
  })

  it('may be repeated, but not turned around', async () => {
    const topic = await scene.topicWith()
    const producer = await scene.init()
    await scene.transact(topic, producer, 0, 'commit')
    expect(await scene.end(producer, 'commit')).toBe('NONE')
    expect(await scene.end(producer, 'abort')).toBe('INVALID_TXN_STATE')
    await scene.transact(topic, producer, 1, 'abort')
    expect(await scene.end(producer, 'abort')).toBe('NONE')
    expect(await scene.end(producer, 'commit')).toBe('INVALID_TXN_STATE')
    await scene.init(producer.transactionalId)
    const next = await scene.init(producer.transactionalId)
    expect(await scene.end(next, 'abort')).toBe('INVALID_TXN_STATE')
  })
})

describe('a transaction that takes longer than its timeout', () => {
  it('is aborted, and its producer fenced', async () => {
    const topic = await scene.topicWith()
    const slow = await scene.init(freshName(), 100)
    await scene.add(slow, { [topic]: [0] })
    await scene.send(topic, slow, 0)
    await scene.settled(topic)
    expect((await scene.read(topic)).entries).toEqual(['0', '1 abort'])
    expect((await scene.send(topic, slow, 1)).error).toBe('INVALID_PRODUCER_EPOCH')
    expect(await scene.end(slow, 'commit')).toBe('INVALID_PRODUCER_EPOCH')
    expect(await scene.end(slow, 'abort', 2)).toBe('PRODUCER_FENCED')
    expect(await scene.add(slow, { [topic]: [0] })).toEqual(['INVALID_PRODUCER_EPOCH'])
    expect((await scene.init(slow.transactionalId)).producerEpoch).toBe(2)
  }, 30_000)
})
