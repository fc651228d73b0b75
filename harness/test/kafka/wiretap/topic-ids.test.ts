import { afterEach, expect, test } from 'vitest'
import { connect } from '../../../kafka/client/client.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import type { RequestOf, ResponseOf } from '../../../kafka/protocol/api.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import type { Exchange } from '../../../kafka/wiretap/journal.ts'
import { openWiretap } from '../../../kafka/wiretap/open.ts'
import { strip } from '../../../kafka/wiretap/strip.ts'
import { createTopic } from '../clients/topic.ts'
import { fetchFrom, produceTo, record } from '../embedded/requests.ts'
import { testBroker } from '../test-broker.ts'

/* A client that fetches by topic id, through a wiretap before the embedded broker, or the one of WORKBOOK_TEST_BROKER. */

const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function scene() {
  const broker = await testBroker()
  open.push(broker)
  const name = await createTopic(broker.bootstrap)
  const wiretap = await openWiretap({ bootstrap: broker.bootstrap })
  open.push(wiretap)
  const client = await connect((await wiretap.lane('one')).address, { timeoutMs: 10_000 })
  open.push(client)
  await client.request(Produce, 9, produceTo(name, writeBatch({ records: [record('k')] })))
  const fetch = (topicId: string) => {
    const topics = fetchFrom('', 0n).topics.map((one) => ({ ...one, topicId }))
    return client.request(Fetch, 13, fetchFrom('', 0n, { topics }))
  }
  return { name, client, wiretap, fetch }
}

test('the journal names a topic that is fetched by id', async () => {
  const { name, client, wiretap, fetch } = await scene()
  const topicId = (await client.metadata([name])).topics[0]?.topicId as string
  expect((await fetch(topicId)).responses).toMatchObject([{ topic: '', topicId }])
  const exchange = wiretap.journal.at(-1) as Exchange
  expect(exchange).toMatchObject({ api: 'Fetch', version: 13 })
  expect((exchange.request as RequestOf<typeof Fetch>).topics).toMatchObject([{ topic: name, topicId }])
  expect((exchange.response as ResponseOf<typeof Fetch>).responses).toMatchObject([{ topic: name, topicId }])
  expect(strip(wiretap.journal).at(-1)?.text).toContain(
    `topic ${name}  partition 0  from offset 0  -> 1 record`,
  )
})

test('an id that nobody told stands for itself', async () => {
  const { wiretap, fetch } = await scene()
  const topicId = Buffer.alloc(16, 7).toString('base64url')
  const { responses } = await fetch(topicId)
  expect(errorName(responses[0]?.partitions[0]?.errorCode ?? 0)).toBe('UNKNOWN_TOPIC_ID')
  expect(strip(wiretap.journal).at(-1)?.text).toContain(`topic ${topicId}`)
})

test('a fault answers a fetch by id', async () => {
  const { name, client, wiretap, fetch } = await scene()
  const topicId = (await client.metadata([name])).topics[0]?.topicId as string
  wiretap.inject({ api: 'Fetch', error: 'NOT_LEADER_OR_FOLLOWER' })
  const { responses } = await fetch(topicId)
  expect(responses[0]?.topicId).toBe(topicId)
  expect(errorName(responses[0]?.partitions[0]?.errorCode ?? 0)).toBe('NOT_LEADER_OR_FOLLOWER')
  expect((await fetch(topicId)).responses[0]?.partitions[0]?.errorCode).toBe(0)
})
