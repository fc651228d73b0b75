import { type Admin, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Reset,
  type StartState,
  startPosition,
} from '../../../solutions/07-start-position/start-position.ts'
import { groupView } from '../../check/group-view.ts'
import { topicView } from '../../check/topic-view.ts'
import { type Client, connect } from '../../kafka/client/client.ts'
import { haveKafkaTools, kafkaTools } from '../kafka/clients/kafka-tools.ts'
import { freshName, testBroker } from '../kafka/test-broker.ts'
import { commit } from './commit.ts'

/*
 * What exercise 07 teaches, on real consumers: kafkajs, and Java where Kafka's tools are. Each state is set up on a broker (the
 * embedded one unless WORKBOOK_TEST_BROKER names another), and the consumer begins where the exercise's solution says.
 */

const HOUR = 3_600_000
const POLL = { timeout: 20_000, interval: 20 }

let broker: { bootstrap: string; close(): Promise<void> }
let client: Client
let kafka: Kafka
let admin: Admin

beforeAll(async () => {
  broker = await testBroker()
  client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
  kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
  admin = kafka.admin()
  await admin.connect()
})

afterAll(async () => {
  await admin.disconnect()
  client.close()
  await broker.close()
})

interface Setting {
  committed?: bigint
  /** Ages of the records, in hours. */
  ages?: number[]
  client: StartState['client']
}

/** Brings the broker into a state: records of these ages, the first two of them deleted, and perhaps a commit. */
async function setUp({ committed, ages = [7, 6, 5, 4, 3, 2, 1], client: asks }: Setting) {
  const names = { topic: freshName(), group: freshName() }
  const topic = topicView(client, names.topic)
  const now = Date.now()
  const records = ages.map((age, at) => ({ offset: BigInt(at), timestamp: now - age * HOUR }))
  await topic.create({ partitions: 1, config: { 'retention.ms': '-1' } })
  await topic.append(records.map(({ timestamp }) => ({ value: 'old', timestamp })))
  await admin.fetchTopicOffsets(names.topic)
  await admin.deleteTopicRecords({ topic: names.topic, partitions: [{ partition: 0, offset: '2' }] })
  if (committed !== undefined) await commit(client, names, committed)
  const state: StartState = {
    log: { start: 2n, end: BigInt(ages.length), records: records.slice(2) },
    committed: committed === undefined ? null : { offset: committed, at: now },
    group: { emptySince: now, offsetsRetentionMs: 7 * 24 * HOUR },
    partitionIsNew: false,
    client: asks,
    now,
  }
  return { ...names, log: topic, state }
}

/** The first offset of a partition that kafkajs handles when one more record comes after it has found its place. */
async function firstOffsetInKafkajs(
  { topic, group, log }: Awaited<ReturnType<typeof setUp>>,
  flag: boolean,
  partition = 0,
) {
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 50, rebalanceTimeout: 6000 })
  let fetches = 0
  consumer.on('consumer.fetch', () => {
    fetches += 1
  })
  const handled: string[] = []
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: flag })
    await consumer.run({
      eachMessage: async (one) => {
        if (one.partition === partition) handled.push(one.message.offset)
      },
    })
    // A fetch out of range counts as well; the place is found after it.
    await expect.poll(() => fetches, POLL).toBeGreaterThan(2)
    await log.append([{ value: 'new', partition }])
    await expect.poll(() => handled.length, POLL).toBeGreaterThan(0)
    return BigInt(handled[0] as string)
  } finally {
    await consumer.disconnect()
  }
}

describe('kafkajs begins where exercise 07 says', { timeout: 60_000 }, () => {
  test.each<[name: string, flag: boolean, committed?: bigint]>([
    ['no commit', true],
    ['no commit', false],
    ['a commit', true, 4n],
    ['a commit', false, 4n],
    ['a commit at the log start', false, 2n],
    ['a commit at the log end', true, 7n],
    ['a commit before the log start', true, 1n],
    ['a commit before the log start', false, 1n],
    ['a commit after the log end', true, 60n],
    ['a commit after the log end', false, 60n],
  ])('%s, fromBeginning %s', async (_, fromBeginning, committed) => {
    const scene = await setUp({ client: { fromBeginning }, ...(committed !== undefined && { committed }) })
    expect(await firstOffsetInKafkajs(scene, fromBeginning)).toBe(startPosition(scene.state).offset)
  })

  test.each([true, false])('a partition that was added later, fromBeginning %s', async (fromBeginning) => {
    const scene = await setUp({ client: { fromBeginning } })
    await firstOffsetInKafkajs(scene, fromBeginning)
    await admin.createPartitions({ topicPartitions: [{ topic: scene.topic, count: 2 }] })
    await expect.poll(() => scene.log.partitions(), POLL).toBe(2)
    await scene.log.append([1, 2, 3].map(() => ({ value: 'early', partition: 1 })))
    const added = { log: { start: 0n, end: 3n, records: [] }, partitionIsNew: true }
    const { offset } = startPosition({ ...scene.state, ...added })
    expect(await firstOffsetInKafkajs(scene, fromBeginning, 1)).toBe(offset)
  })
})

describe.skipIf(!haveKafkaTools())(
  'the Java consumer begins where exercise 07 says',
  { timeout: 90_000 },
  () => {
    const unsorted = [8, 8, 5, 1, 4, 0.5, 3, 0.1]

    const consume = ({ topic, group }: Awaited<ReturnType<typeof setUp>>, policy: Reset) => {
      const settings = [
        `auto.offset.reset=${policy}`,
        'auto.commit.interval.ms=100',
        // So long Java waits before it asks again for a record that is young enough.
        'request.timeout.ms=3000',
      ]
      return kafkaTools(broker.bootstrap).start('kafka-console-consumer', [
        ...['--topic', topic, '--group', group, '--formatter-property', 'print.offset=true'],
        ...settings.flatMap((setting) => ['--command-property', setting]),
      ])
    }

    test.each<[name: string, policy: Reset, given?: Partial<Setting>]>([
      ['no commit', 'earliest'],
      ['no commit', 'latest'],
      ['a commit', 'earliest', { committed: 4n }],
      ['a commit', 'none', { committed: 4n }],
      ['a commit before the log start', 'latest', { committed: 1n }],
      ['a commit after the log end', 'earliest', { committed: 60n }],
      ['no commit', 'by_duration:PT2H30M'],
      ['no commit', 'by_duration:PT30M'],
      ['no commit', 'by_duration:P10D'],
      ['timestamps that do not rise', 'by_duration:PT2H', { ages: unsorted }],
    ])('%s, %s', async (_, policy, given) => {
      const scene = await setUp({ ...given, client: { autoOffsetReset: policy } })
      const group = groupView(client, scene.group, scene.topic)
      const running = consume(scene, policy)
      await expect.poll(() => group.state(), POLL).toBe('Stable')
      // Java commits its position even when it has handled nothing. A duration that no record fits gives it none yet.
      const { offset } = startPosition(scene.state)
      const noneFits = policy.startsWith('by_duration') && offset === scene.state.log.end
      if (!noneFits) await expect.poll(group.committed, POLL).toEqual({ 0: String(scene.state.log.end) })
      await scene.log.append([{ value: 'new' }])
      await expect.poll(() => running.lines.length, POLL).toBeGreaterThan(0)
      await running.stop()
      expect(running.lines[0]).toMatch(new RegExp(`^Offset:${offset}\\b`))
    })

    test.each<[name: string, error: string, given?: Partial<Setting>]>([
      ['no commit', 'NoOffsetForPartitionException'],
      ['a commit before the log start', 'OffsetOutOfRangeException', { committed: 1n }],
      ['a commit after the log end', 'OffsetOutOfRangeException', { committed: 60n }],
    ])('%s, none: it throws', async (_, error, given) => {
      const scene = await setUp({ ...given, client: { autoOffsetReset: 'none' } })
      const running = consume(scene, 'none')
      const { stdout, stderr } = await running.ended
      expect(stdout + stderr).toContain(error)
      expect(() => startPosition(scene.state)).toThrow()
    })
  },
)
