import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ATTACKS, holdings, openRun, type Run, refusals, work } from '../hostile-neighbour.ts'
import { testBroker } from '../test-broker.ts'

let broker: Awaited<ReturnType<typeof testBroker>>
let hostile: Run
let other: Run
beforeAll(async () => {
  broker = await testBroker()
  const cluster = { bootstrap: broker.bootstrap, security: null }
  ;[hostile, other] = await Promise.all([openRun(cluster), openRun(cluster)])
  await work(other)
})
afterAll(async () => {
  await Promise.all([hostile.close(), other.close()])
  await broker.close()
})

describe('a guarded run beside another one', () => {
  test.each(ATTACKS)('%s: refused, and nothing has changed', async (_, attack) => {
    const [before, refused] = [await holdings(other), refusals(hostile)]
    await expect(attack(hostile, other)).rejects.toThrow()
    expect(refusals(hostile)).toBeGreaterThan(refused)
    expect(await holdings(other)).toEqual(before)
  })

  test('deletes all topics that it sees: its own', async () => {
    await hostile.admin.createTopics({ topics: [{ topic: hostile.topic }] })
    const seen = await hostile.admin.listTopics()
    expect(seen).toEqual([hostile.topic])
    expect((await hostile.admin.listGroups()).groups).toEqual([])
    await hostile.admin.deleteTopics({ topics: seen })
    expect(await holdings(other)).toMatchObject({ topics: [other.topic], records: 20, partitions: 2 })
  })
})
