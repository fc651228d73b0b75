import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshName } from '../test-broker.ts'
import { type TransactionScene, transactionScene } from './transaction-scene.ts'

/* Offsets of groups in transactions, on the embedded broker unless WORKBOOK_TEST_BROKER names another. */

let scene: TransactionScene

beforeAll(async () => {
  scene = await transactionScene()
})

afterAll(() => scene.close())

async function producerWith(group: string) {
  const producer = await scene.init()
  expect(await scene.addGroup(producer, group)).toBe('NONE')
  return producer
}

describe('TxnOffsetCommit', () => {
  it('counts from the commit of the transaction on', async () => {
    const [topic, group] = [await scene.topicWith(), freshName()]
    const producer = await producerWith(group)
    expect(await scene.commitOffset(producer, group, topic, 5n)).toBe('NONE')
    expect(await scene.committed(group, topic)).toBe(-1n)
    await scene.end(producer, 'commit')
    await expect.poll(() => scene.committed(group, topic)).toBe(5n)
  })

  it('counts for nothing after an abort', async () => {
    const [topic, group] = [await scene.topicWith(), freshName()]
    const producer = await producerWith(group)
    await scene.commitOffset(producer, group, topic, 5n)
    await scene.end(producer, 'commit')
    await scene.addGroup(producer, group)
    await scene.commitOffset(producer, group, topic, 9n)
    await scene.end(producer, 'abort')
    // The next transaction can only begin when the one before has ended everywhere.
    await scene.addGroup(producer, group)
    expect(await scene.committed(group, topic)).toBe(5n)
  })

  it('of two commits the later one stays, whenever the transaction ends', async () => {
    const [topic, group] = [await scene.topicWith(), freshName()]
    const producer = await producerWith(group)
    await scene.commitOffset(producer, group, topic, 5n)
    expect(await scene.commitPlainly(group, topic, 7n)).toBe('NONE')
    await scene.end(producer, 'commit')
    await scene.addGroup(producer, group)
    expect(await scene.committed(group, topic)).toBe(7n)
    await scene.commitOffset(producer, group, topic, 6n)
    await scene.end(producer, 'commit')
    await expect.poll(() => scene.committed(group, topic)).toBe(6n)
  })

  it('needs the group in the transaction, and the right producer', async () => {
    const [topic, group] = [await scene.topicWith(), freshName()]
    const producer = await scene.init()
    expect(await scene.commitOffset(producer, group, topic, 5n)).toBe('INVALID_TXN_STATE')
    const other = await producerWith(group)
    const commit = (change: object) => scene.commitOffset({ ...other, ...change }, group, topic, 5n)
    expect(await commit({ producerEpoch: 9 })).toBe('INVALID_PRODUCER_EPOCH')
    expect(await commit({ producerId: other.producerId + 1_000_000n })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(await commit({ transactionalId: freshName() })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(await commit({})).toBe('NONE')
    await scene.end(other, 'commit')
    await expect.poll(() => commit({})).toBe('INVALID_TXN_STATE')
  })

  it('needs a group and partitions that exist', async () => {
    const [topic, group] = [await scene.topicWith(), freshName()]
    const producer = await producerWith(group)
    expect(await scene.addGroup(producer, '')).toBe('NONE')
    expect(await scene.commitOffset(producer, '', topic, 5n)).toBe('INVALID_GROUP_ID')
    expect(await scene.commitOffset(producer, group, topic, 5n, 9)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })
})
