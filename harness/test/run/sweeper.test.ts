import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../kafka/client/client.ts'
import { OffsetCommit } from '../../kafka/protocol/api/08-offset-commit.ts'
import { ListGroups } from '../../kafka/protocol/api/16-list-groups.ts'
import { openSweeper } from '../../run/sweeper.ts'
import { freshName, testBroker } from '../kafka/test-broker.ts'

let broker: Awaited<ReturnType<typeof testBroker>>
beforeAll(async () => {
  broker = await testBroker()
})
afterAll(() => broker.close())

/** Topics and groups of the broker whose names start so. */
async function namesOn(start: string): Promise<{ topics: string[]; groups: string[] }> {
  const client = await connect(broker.bootstrap, { timeoutMs: 5000 })
  const { topics } = await client.metadata(null)
  const { groups } = await client.request(ListGroups, 2, ListGroups.request.absent)
  client.close()
  const ours = (name: string) => name.startsWith(start)
  return {
    topics: topics.map(({ name }) => name ?? '').filter(ours),
    groups: groups.map(({ groupId }) => groupId).filter(ours),
  }
}

/** A group without members, which is there because of its commit. */
async function commit(groupId: string, name: string): Promise<void> {
  const client = await connect(broker.bootstrap, { timeoutMs: 5000 })
  const offset = {
    partitionIndex: 0,
    committedOffset: 1n,
    committedLeaderEpoch: -1,
    committedMetadata: '',
  }
  const body = {
    ...OffsetCommit.request.absent,
    groupId,
    generationIdOrMemberEpoch: -1,
    topics: [{ name, partitions: [offset] }],
  }
  await client.request(OffsetCommit, 5, body, { coordinatorOf: groupId })
  client.close()
}

test('a run that is over leaves neither topics nor groups, though a member was killed; others keep theirs', async () => {
  const run = freshName()
  const [ours, other] = [`wb-${run}-03-check`, `wb-${run}x-03-check`]
  const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await Promise.all([admin.connect(), producer.connect()])
  const topics = [ours, `${ours}-audit`, other]
  await admin.createTopics({ topics: topics.map((topic) => ({ topic })), waitForLeaders: false })
  for (const topic of topics) await producer.send({ topic, messages: [{ value: 'v' }] })
  await commit(`${other}-group`, other)
  const member = kafka.consumer({
    groupId: `${ours}-group`,
    sessionTimeout: 60_000,
    // It would notice that it was put out, and come back.
    heartbeatInterval: 30_000,
  })
  await member.connect()
  await member.subscribe({ topic: ours, fromBeginning: true })
  // For the broker, a member that stays is one that was killed and is not missed yet.
  await new Promise<void>((resolve) => void member.run({ eachMessage: async () => resolve() }))

  const sweeper = openSweeper({ bootstrap: broker.bootstrap, kind: 'cluster' })
  sweeper.sweep(run)
  await sweeper.close()
  await expect.poll(() => namesOn(`wb-${run}-`)).toEqual({ topics: [], groups: [] })
  expect(await namesOn(`wb-${run}x-`)).toEqual({ topics: [other], groups: [`${other}-group`] })

  const left = openSweeper({ bootstrap: broker.bootstrap, kind: 'cluster' })
  left.sweep(`${run}x`)
  await left.close()
  await Promise.all([member.disconnect(), admin.disconnect(), producer.disconnect()])
})

test('a broker that is gone is nobody to wait for', async () => {
  const sweeper = openSweeper({ bootstrap: '127.0.0.1:1', kind: 'cluster' })
  sweeper.sweep('none')
  await sweeper.close()
})

test('on a broker that ends with the run, the last judgement is left to that', async () => {
  const runs = [freshName(), freshName()] as const
  const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({
    topics: runs.map((run) => ({ topic: `wb-${run}-03-check` })),
    waitForLeaders: false,
  })
  const sweeper = openSweeper({ bootstrap: broker.bootstrap, kind: 'embedded' })
  for (const run of runs) sweeper.sweep(run)
  await expect.poll(() => namesOn(`wb-${runs[0]}-`)).toEqual({ topics: [], groups: [] })
  expect((await namesOn(`wb-${runs[1]}-`)).topics).toHaveLength(1)
  await sweeper.close()
  await admin.deleteTopics({ topics: [`wb-${runs[1]}-03-check`] })
  await admin.disconnect()
})
