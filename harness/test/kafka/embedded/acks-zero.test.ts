import { expect, it } from 'vitest'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { clusterWithoutSockets, inMemoryClient } from './in-memory-client.ts'
import { newTopics, produceTo, record } from './requests.ts'

const batch = writeBatch({ records: [record('a')] })

it('acks=0 is stored and not answered', async () => {
  const state = clusterWithoutSockets()
  const client = inMemoryClient(state)
  await client.call(CreateTopics, 4, newTopics('t'))
  client.send(Produce, 8, produceTo('t', batch, 0))
  const nextId = client.send(Metadata, 8, { ...Metadata.request.absent, topics: [] })
  expect((await client.answer(Metadata, 8)).correlationId).toBe(nextId)
  expect(state.topics.partition('t', 0)?.log.endOffset).toBe(1n)
})

it('acks=0 that is refused closes the connection, which is all that the client hears', async () => {
  const client = inMemoryClient(clusterWithoutSockets())
  client.send(Produce, 8, produceTo('missing', batch, 0))
  await client.closed
  expect(client.bugs).toEqual([])
})
