import { Kafka, logLevel, type ProducerConfig } from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { groupView } from '../../../check/group-view.ts'
import { topicView } from '../../../check/topic-view.ts'
import { WorkbookError } from '../../../errors.ts'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { committedPartitions } from '../../../kafka/wiretap/commits.ts'
import { type Lane, openWiretap, type Wiretap } from '../../../kafka/wiretap/open.ts'
import { producedRecords } from '../../../kafka/wiretap/produced.ts'
import { strip } from '../../../kafka/wiretap/strip.ts'
import { freshName, testBroker } from '../test-broker.ts'

let broker: Awaited<ReturnType<typeof testBroker>>
let client: Client
let wiretap: Wiretap
let lane: Lane
let topic: string

beforeAll(async () => {
  broker = await testBroker()
  client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
})
afterAll(async () => {
  client.close()
  await broker.close()
})
beforeEach(async () => {
  wiretap = await openWiretap({ bootstrap: broker.bootstrap })
  lane = await wiretap.lane('one')
  topic = freshName()
  await topicView(client, topic).create({ partitions: 1 })
})
afterEach(() => wiretap.close())

function kafkaOn({ clientId = 'test', retries = 5 } = {}): Kafka {
  const retry = { initialRetryTime: 10, maxRetryTime: 50, retries }
  return new Kafka({ clientId, brokers: [lane.address], logLevel: logLevel.NOTHING, retry })
}

interface Sending extends ProducerConfig {
  kafka?: Kafka
  acks?: number
  to?: string
  values?: string[]
}

/** Sends each value with a request of its own; the error that ended it, or null. */
async function send({ kafka = kafkaOn(), acks = -1, to = topic, values = ['a'], ...config }: Sending = {}) {
  const producer = kafka.producer(config)
  await producer.connect()
  try {
    for (const value of values) await producer.send({ topic: to, messages: [{ value }], acks })
    return null
  } catch (error) {
    return error as Error
  } finally {
    await producer.disconnect()
  }
}

/** What the wiretap did to each request of this API, null where nothing. */
function faultsOf(api: string): (string | null)[] {
  return wiretap.journal.filter((exchange) => exchange.api === api).map(({ fault }) => fault)
}

async function storedValues(of = topic): Promise<(string | null)[]> {
  return (await topicView(client, of).records()).map(({ value }) => value)
}

const LOST = 'lost on the way to the broker'

describe('what happens', () => {
  test('error: the broker is not asked, kafkajs tries again', async () => {
    wiretap.inject({ api: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER' })
    expect(await send()).toBeNull()
    expect(producedRecords(wiretap.journal).map(({ error, offset }) => [error, offset])).toEqual([
      ['NOT_LEADER_OR_FOLLOWER', null],
      [null, 0n],
    ])
    expect(await storedValues()).toEqual(['a'])
    expect(strip(wiretap.journal)[0]?.text).toMatch(
      /-> NOT_LEADER_OR_FOLLOWER {2}timestamp .*\(fault: answered NOT_LEADER_OR_FOLLOWER without asking the broker\)$/,
    )
  })

  test('error: one that cannot be retried reaches the caller at once', async () => {
    wiretap.inject({ api: 'Produce', error: 'MESSAGE_TOO_LARGE' })
    expect(await send()).toMatchObject({ type: 'MESSAGE_TOO_LARGE' })
    expect(faultsOf('Produce')).toHaveLength(1)
    expect(await storedValues()).toEqual([])
  })

  test('drop: the request never arrives, kafkajs tries again, the record is stored once', async () => {
    wiretap.inject({ api: 'Produce', drop: true })
    expect(await send()).toBeNull()
    expect(faultsOf('Produce')).toEqual([LOST, null])
    expect(await storedValues()).toEqual(['a'])
    expect(strip(wiretap.journal)[0]?.text).toMatch(/-> no answer {2}timestamp .*\(fault: lost on the way/)
  })

  test('cutAnswer: the broker has stored the record, kafkajs tries again, it is there twice', async () => {
    wiretap.inject({ api: 'Produce', cutAnswer: true })
    expect(await send()).toBeNull()
    expect(producedRecords(wiretap.journal).map(({ offset }) => offset)).toEqual([0n, 1n])
    expect(await storedValues()).toEqual(['a', 'a'])
  })

  test('cutAnswer of an idempotent producer: the broker knows the repeat, it is there once', async () => {
    wiretap.inject({ api: 'Produce', cutAnswer: true })
    expect(await send({ idempotent: true, maxInFlightRequests: 1 })).toBeNull()
    expect(producedRecords(wiretap.journal).map(({ offset }) => offset)).toEqual([0n, 0n])
    expect(await storedValues()).toEqual(['a'])
  })

  test('delayMs: the request arrives later, and an error may follow', async () => {
    wiretap.inject({ api: 'Produce', delayMs: 120, error: 'NOT_ENOUGH_REPLICAS' })
    await send()
    const [held] = wiretap.journal.filter(({ api }) => api === 'Produce')
    expect((held?.responseAtMs ?? 0) - (held?.requestAtMs ?? 0)).toBeGreaterThanOrEqual(119)
    expect(held?.fault).toBe('held back for 120 ms, answered NOT_ENOUGH_REPLICAS without asking the broker')
  })

  test('an error with acks 0: the connection is closed, as Kafka does', async () => {
    wiretap.inject({ api: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER' })
    await send({ acks: 0 })
    await lane.close()
    expect(await storedValues()).toEqual([])
  })
})

describe('which requests', () => {
  test('nth: that one alone', async () => {
    wiretap.inject({ api: 'Produce', nth: 2, cutAnswer: true })
    await send({ values: ['a', 'b', 'c'] })
    expect(faultsOf('Produce')).toEqual([null, 'its answer was lost on the way back', null, null])
    expect(await storedValues()).toEqual(['a', 'b', 'b', 'c'])
  })

  test('times: so many in a row; the next fault waits for its turn', async () => {
    wiretap.inject({ api: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER', times: 2 })
    wiretap.inject({ api: 'Produce', error: 'LEADER_NOT_AVAILABLE' })
    await send()
    expect(producedRecords(wiretap.journal).map(({ error }) => error)).toEqual([
      'NOT_LEADER_OR_FOLLOWER',
      'NOT_LEADER_OR_FOLLOWER',
      'LEADER_NOT_AVAILABLE',
      null,
    ])
  })

  test('two faults count the same requests: the first and the third are struck', async () => {
    wiretap.inject({ api: 'Produce', nth: 1, drop: true })
    wiretap.inject({ api: 'Produce', nth: 3, drop: true })
    await send({ values: ['a', 'b'] })
    expect(faultsOf('Produce')).toEqual([LOST, null, LOST, null])
  })

  test("every: kafkajs gives up when its retries are used up, in the broker's words", async () => {
    wiretap.inject({ api: 'Produce', times: 'every', error: 'NOT_ENOUGH_REPLICAS' })
    expect(await send({ kafka: kafkaOn({ retries: 2 }) })).toMatchObject({
      name: 'KafkaJSNumberOfRetriesExceeded',
      cause: { type: 'NOT_ENOUGH_REPLICAS' },
    })
    expect(faultsOf('Produce')).toHaveLength(3)
    expect(await storedValues()).toEqual([])
  })

  test('topic: requests that do not name it pass', async () => {
    const other = freshName()
    await topicView(client, other).create({ partitions: 1 })
    wiretap.inject({ api: 'Produce', topic: other, drop: true })
    await send()
    await send({ to: other })
    expect(faultsOf('Produce')).toEqual([null, LOST, null])
  })

  test('clientId: requests of others pass', async () => {
    wiretap.inject({ api: 'Produce', clientId: 'unlucky', drop: true })
    await send()
    await send({ kafka: kafkaOn({ clientId: 'unlucky' }) })
    expect(faultsOf('Produce')).toEqual([null, LOST, null])
  })

  test('group: a commit is lost, the offset is committed with the next one', async () => {
    const [group, other] = [freshName(), freshName()]
    const records = ['a', 'b'].map((value) => ({ partition: 0, value }))
    await topicView(client, topic).append(records)
    wiretap.inject({ api: 'OffsetCommit', group: other, times: 'every', error: 'NOT_COORDINATOR' })
    wiretap.inject({ api: 'OffsetCommit', group, error: 'NOT_COORDINATOR' })
    const consumer = kafkaOn().consumer({ groupId: group, maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      const eachMessage = async ({ message }: { message: { value: Buffer | null } }) => {
        if (String(message.value) === 'b') resolve()
      }
      consumer.run({ eachMessage }).catch(reject)
    })
    await expect.poll(() => groupView(client, group, topic).committed()).toEqual({ 0: '2' })
    await consumer.disconnect()
    expect(committedPartitions(wiretap.journal)[0]).toMatchObject({ group, error: 'NOT_COORDINATOR' })
    expect(faultsOf('OffsetCommit').filter(Boolean)).toHaveLength(1)
  })
})

test.each([
  [{ api: 'Produce', error: 'NO_SUCH_ERROR' }, 'Kafka has no error "NO_SUCH_ERROR"'],
  [{ api: 'NoSuchApi', drop: true }, 'The wiretap knows no API "NoSuchApi"'],
  [{ api: 'ListGroups', error: 'NOT_CONTROLLER' }, 'The wiretap cannot answer ListGroups with an error'],
  [{ api: 'Produce' }, 'needs one effect'],
  [{ api: 'Produce', drop: true, cutAnswer: true }, 'needs one effect'],
  [{ api: 'Produce', drop: true, times: 0 }, 'cannot strike 0 times'],
  [{ api: 'Produce', drop: true, nth: 1.5 }, 'cannot strike the request number 1.5'],
  [{ api: 'Produce', drop: true, group: 'g' }, 'A Produce request names no group'],
  [{ api: 'Heartbeat', drop: true, topic: 't' }, 'A Heartbeat request names no topic'],
  [{ api: 'Produce', delayMs: -1 }, 'cannot hold a request back for -1 ms'],
])('a fault that cannot be is refused: %j', (fault, message) => {
  expect(() => wiretap.inject(fault)).toThrow(WorkbookError)
  expect(() => wiretap.inject(fault)).toThrow(message)
})
