import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeliveryPlan, simulate, type Trouble } from '../../../solutions/17-crash-points/crash-points.ts'
import { topicView } from '../../check/topic-view.ts'
import { type Client, connect } from '../../kafka/client/client.ts'
import type { Fault } from '../../kafka/wiretap/faults.ts'
import { openWiretap } from '../../kafka/wiretap/open.ts'
import { freshName, testBroker } from '../kafka/test-broker.ts'

/*
 * What exercise 17 teaches about the way into the log, with a real kafkajs producer: the wiretap makes the trouble, and
 * the broker (the embedded one unless WORKBOOK_TEST_BROKER names another) is asked how many copies it has.
 */

type Producer = DeliveryPlan['producer']

const FAULTS: Partial<Record<Trouble, Omit<Fault, 'api'>>> = {
  'request-lost': { drop: true },
  'answer-lost': { cutAnswer: true },
}

let broker: { bootstrap: string; close(): Promise<void> }
let client: Client

beforeAll(async () => {
  broker = await testBroker()
  client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
})
afterAll(async () => {
  client.close()
  await broker.close()
})

/** Sends these events, one after the other, through this trouble; gives what the log has then. */
async function logAfter(
  { acks, retries, idempotent }: Producer,
  troubles: Trouble[],
  events = ['EVT-1'],
): Promise<(string | null)[]> {
  const wiretap = await openWiretap({ bootstrap: broker.bootstrap })
  const topic = freshName()
  await topicView(client, topic).create({ partitions: 1 })
  try {
    for (const trouble of troubles) wiretap.inject({ api: 'Produce', ...FAULTS[trouble] })
    const kafka = new Kafka({
      brokers: [(await wiretap.lane('one')).address],
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 10, maxRetryTime: 50 },
    })
    const producer = kafka.producer({ idempotent, retry: { retries } })
    await producer.connect()
    // Whether the send resolves or rejects is for the application; here only the log counts.
    for (const value of events) {
      await producer.send({ topic, acks: acks === 'all' ? -1 : acks, messages: [{ value }] }).catch(() => {})
    }
    await producer.disconnect()
    return (await topicView(client, topic).records()).map(({ value }) => value)
  } finally {
    await wiretap.close()
  }
}

const oneCopy: Producer = { acks: 'all', retries: 2, idempotent: true }
const cases: [Producer, Trouble[]][] = [
  [{ acks: 'all', retries: 0, idempotent: false }, ['request-lost']],
  [{ acks: 'all', retries: 1, idempotent: false }, ['request-lost']],
  [{ acks: 1, retries: 1, idempotent: false }, ['request-lost', 'request-lost']],
  [{ acks: 0, retries: 5, idempotent: false }, ['request-lost']],
  [{ acks: 'all', retries: 0, idempotent: false }, ['answer-lost']],
  [{ acks: 'all', retries: 1, idempotent: false }, ['answer-lost']],
  [{ acks: 1, retries: 1, idempotent: false }, ['answer-lost']],
  [{ acks: 'all', retries: 3, idempotent: false }, ['answer-lost', 'request-lost', 'answer-lost']],
  [oneCopy, ['answer-lost']],
  [oneCopy, ['answer-lost', 'answer-lost']],
  [oneCopy, ['request-lost', 'answer-lost']],
]

test.each(cases)('%j through %j', async (producer, troubles) => {
  const { lost, duplicated } = simulate({
    events: ['EVT-1'],
    producer,
    trouble: { 'EVT-1': troubles },
    consumer: { commit: 'after-work', batch: 1 },
    crashes: [],
  })
  const copies = (await logAfter(producer, troubles)).length
  expect({ lost: copies === 0, duplicated: copies > 1 }).toEqual({
    lost: lost.length > 0,
    duplicated: duplicated.length > 0,
  })
})

test('kafkajs: when the retries of an idempotent producer are used up, its next event is dropped', async () => {
  const log = await logAfter({ ...oneCopy, retries: 1 }, ['answer-lost', 'answer-lost'], ['EVT-1', 'EVT-2'])
  expect(log).toEqual(['EVT-1'])
})
