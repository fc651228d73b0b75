import { afterEach, expect, test } from 'vitest'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { HANDLERS } from '../../../kafka/embedded/handlers.ts'
import { type EmbeddedBroker, startEmbedded } from '../../../kafka/embedded/start.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { DeleteTopics } from '../../../kafka/protocol/api/20-delete-topics.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { toldHandlers } from '../../../kafka/wiretap/told-handlers.ts'
import { fetchFrom, newTopics, produceTo, record } from '../embedded/requests.ts'

/* What `broker serve --wire` prints of any client. */

let broker: EmbeddedBroker
let client: Client
let told: string[]

async function open(): Promise<void> {
  told = []
  const handlers = toldHandlers(HANDLERS, (line) => told.push(line))
  broker = await startEmbedded({ handlers, topics: [{ name: 'orders' }] })
  client = await connect(broker.bootstrap, { timeoutMs: 20_000 })
}

afterEach(async () => {
  client.close()
  await broker.close()
})

const batch = writeBatch({ records: [record('ORD-1', 'placed\u001b[2J', 0)] })
const PRODUCED =
  'topic orders  partition 0  acks -1  key "ORD-1"  -> offset 0  timestamp 1970-01-01T00:00:00.000Z  placed\\u001b[2J'

test('tells what clients did, and what came of it, and nothing where there is no news', async () => {
  await open()
  await client.metadata(['orders'])
  expect(told).toEqual([])
  await client.request(Produce, 7, produceTo('orders', batch))
  await client.request(Fetch, 11, fetchFrom('orders', 0n))
  await client.request(Fetch, 11, fetchFrom('orders', 1n))
  await client.request(Heartbeat, 3, { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null })
  await client.request(CreateTopics, 4, newTopics('orders'))
  await client.request(DeleteTopics, 4, { topicNames: ['orders'], topics: [], timeoutMs: 1000 })
  expect(told.map((line) => line.replace(/^\S+ {2}/, ''))).toEqual([
    `Produce  ${PRODUCED}`,
    'Fetch  topic orders  partition 0  from offset 0  -> 1 record',
    'Heartbeat  group g  member m  -> UNKNOWN_MEMBER_ID',
    'CreateTopics  topic orders  1 partition  -> TOPIC_ALREADY_EXISTS',
    expect.stringMatching(/^DeleteTopics/),
  ])
})

test('names a topic that is fetched by its id', async () => {
  await open()
  const { topics } = await client.metadata(['orders'])
  const topicId = topics[0]?.topicId ?? ''
  await client.request(Produce, 7, produceTo('orders', batch))
  const byId = fetchFrom('', 0n)
  const wanted = byId.topics.map((one) => ({ ...one, topicId }))
  await client.request(Fetch, 13, { ...byId, topics: wanted })
  expect(told.at(-1)).toMatch(/Fetch {2}topic orders {2}partition 0 {2}from offset 0 {2}-> 1 record$/)
})
