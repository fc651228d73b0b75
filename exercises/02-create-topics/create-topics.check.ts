import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './create-topics.scenes.ts'
import type { TopicOutcome } from './create-topics.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, { partitions: 0 })

const DAY = 86_400_000

type ClusterId = { clusterId: string | null }
type Events = { partitions(): Promise<number | null>; records(): Promise<unknown[]> }

check(
  'cluster',
  'One broker is enough to meet the whole cluster: it names every broker and the address to reach it at',
  { about: 'describeCluster' },
  async ({ play, address, wire }) => {
    const info = await play.cluster()
    expect(info).toMatchObject({ brokers: expect.any(Array) })
    expect(
      info.brokers.map((broker) => broker?.address),
      'addresses of the brokers',
    ).toContain(address)
    expect(
      info.brokers.map((broker) => broker?.nodeId),
      'node ids of the brokers, the controller among them',
    ).toContain(info.controllerId)
    const told = wire.requests('Metadata').map(({ response }) => (response as ClusterId | null)?.clusterId)
    expect(told, 'the cluster id that the broker told').toContain(info.clusterId)
  },
)

check(
  'disconnected',
  'A connected client keeps its program alive until it is disconnected',
  { after: 'cluster', about: 'describeCluster' },
  async ({ play }) => {
    mistake(
      'never-disconnected',
      (await play.connectionsLeft()) > 0,
      'The answer was there, and a connection to the broker stayed open: this program never comes to its end, and one that asks often collects connections.',
    )
  },
)

check(
  'created',
  'A topic gets the partitions and the settings that it is created with',
  { about: 'ensureTopics' },
  async ({ play, topic, topicNamed, wire }) => {
    const events = topicNamed(`${topic.name}-events`)
    const orders = topicNamed(`${topic.name}-orders`)
    const plain = topicNamed(`${topic.name}-plain`)
    await plain.create({ partitions: 1 })

    const outcomes = await play.ensure([
      { topic: events.name, partitions: 3, config: { 'retention.ms': DAY } },
      { topic: orders.name, partitions: 4, config: { 'cleanup.policy': 'compact', 'segment.ms': '3600000' } },
    ])
    mistake(
      'left-to-auto-create',
      outcomes?.[0]?.outcome === 'created' && wire.requests('CreateTopics').length === 0,
      'Nobody asked for this topic. Some brokers make one up at first use, with the partitions and settings of their own defaults; others refuse.',
    )
    expect(await events.partitions(), 'partitions of events').toBe(3)
    expect(await orders.partitions(), 'partitions of orders').toBe(4)
    mistake(
      'config-left-out',
      (await events.config('retention.ms')) === (await plain.config('retention.ms')),
      "A topic without settings of its own lives by the broker's defaults: its records stay for seven days, whatever the spec says.",
    )
    expect(await events.config('retention.ms'), 'retention.ms of events').toBe(String(DAY))
    expect(await orders.config('cleanup.policy'), 'cleanup.policy of orders').toBe('compact')
    expect(await orders.config('segment.ms'), 'segment.ms of orders').toBe('3600000')
    expect(outcomes).toMatchObject([
      { topic: events.name, outcome: 'created' },
      { topic: orders.name, outcome: 'created' },
    ])
  },
)

check(
  'second-run',
  'A topic that exists is no error and no news: the second run changes nothing',
  { after: 'created', about: 'ensureTopics' },
  async ({ play, topic }) => {
    const names = [`${topic.name}-events`, `${topic.name}-orders`]
    const [first, second] = await play.ensureTwice([
      { topic: `${topic.name}-events`, partitions: 3 },
      { topic: `${topic.name}-orders`, partitions: 4 },
    ])
    expect(first).toMatchObject(names.map((name) => ({ topic: name, outcome: 'created' })))
    expect(second).toMatchObject(names.map((name) => ({ topic: name, outcome: 'exists' })))
  },
)

check(
  'some-exist',
  'Kafka answers for each topic of a request by itself',
  { after: 'second-run', about: 'ensureTopics' },
  async ({ play, topic, topicNamed }) => {
    const events = topicNamed(`${topic.name}-events`)
    const orders = topicNamed(`${topic.name}-orders`)
    await events.create({ partitions: 3 })
    const outcomes = await play.ensure([
      { topic: events.name, partitions: 3 },
      { topic: orders.name, partitions: 4 },
    ])
    expect(await orders.partitions(), 'partitions of orders').toBe(4)
    mistake(
      'one-answer-for-all',
      outcomes?.[0]?.outcome === 'exists' && outcomes?.[1]?.outcome === 'exists',
      'The broker created one topic and left the other alone. kafkajs folds both answers into one boolean, and it says nothing about a single topic.',
    )
    expect(outcomes).toMatchObject([
      { topic: events.name, outcome: 'exists' },
      { topic: orders.name, outcome: 'created' },
    ])
  },
)

check(
  'refused',
  'A topic cannot have more replicas than there are brokers, and the broker says so',
  { after: 'created', about: 'ensureTopics' },
  async ({ play, topic, topicNamed }) => {
    const events = topicNamed(`${topic.name}-events`)
    const orders = topicNamed(`${topic.name}-orders`)
    const outcomes = await play.ensure([
      { topic: events.name, partitions: 3, replicationFactor: 99 },
      { topic: orders.name, partitions: 4 },
      { topic: `${topic.name} in words`, partitions: 1 },
    ])
    expect(await events.partitions(), 'partitions of events').toBe(null)
    mistake(
      'error-swallowed',
      ['created', 'exists'].includes(String(outcomes?.[0]?.outcome)),
      'The broker refused, and the caller is told that all is well. The first producer will find out, far away from the reason.',
    )
    expect(await orders.partitions(), 'partitions of orders').toBe(4)
    mistake(
      'one-refusal-for-all',
      outcomes?.[1]?.outcome === 'refused',
      'A request with several topics is no transaction: the broker refused one of them and created the other.',
    )
    expect(outcomes).toMatchObject([
      { topic: events.name, outcome: 'refused' },
      { topic: orders.name, outcome: 'created' },
      { topic: `${topic.name} in words`, outcome: 'refused' },
    ])
    expect(outcomes[0], 'replicas').toMatchObject({ reason: expect.stringMatching(/replication.?factor/i) })
    expect(outcomes[2], 'a name with spaces').toMatchObject({ reason: expect.stringMatching(/topic/i) })
  },
)

check(
  'grows',
  'A topic can get more partitions, and its records stay where they are',
  { after: 'some-exist', about: 'ensureTopics' },
  async ({ play, topic, topicNamed }) => {
    const events = topicNamed(`${topic.name}-events`)
    await events.create({ partitions: 3 })
    await events.append([{ partition: 2, key: 'ORD-002', value: 'written before' }])

    const outcomes = await play.ensure([{ topic: events.name, partitions: 5 }])
    await expectUntouched(events, outcomes)
    await expect.poll(() => events.partitions(), { message: 'partitions of events' }).toBe(5)
    expect(outcomes).toMatchObject([{ topic: events.name, outcome: 'grown' }])
    expect(await events.records()).toMatchObject([{ partition: 2, key: 'ORD-002' }])
  },
)

check(
  'never-shrinks',
  'No topic ever loses a partition: Kafka refuses, and so the topic stays as it is',
  { after: 'grows', about: 'ensureTopics' },
  async ({ play, topic, topicNamed }) => {
    const events = topicNamed(`${topic.name}-events`)
    await events.create({ partitions: 3 })
    await events.append([{ partition: 2, key: 'ORD-002', value: 'written before' }])

    const outcomes = await play.ensure([{ topic: events.name, partitions: 2 }])
    await expectUntouched(events, outcomes)
    expect(await events.partitions(), 'partitions of events').toBe(3)
    expect(outcomes).toMatchObject([{ topic: events.name, outcome: 'refused', reason: expect.any(String) }])
    expect(await events.records()).toMatchObject([{ partition: 2, key: 'ORD-002' }])
  },
)

/** For a topic that holds one record, and had another number of partitions than the spec asked for. */
async function expectUntouched(events: Events, outcomes: TopicOutcome[]): Promise<void> {
  mistake(
    'wrong-count-called-fine',
    outcomes?.[0]?.outcome === 'exists',
    'That a topic exists says nothing about its partitions. The planned parallelism is missing, or keys go elsewhere than planned, and nobody was told.',
  )
  mistake(
    'deleted-and-recreated',
    (await events.partitions()) === null || (await events.records()).length === 0,
    'A new topic under the old name has the right number of partitions and no records. What was deleted, no consumer will ever read.',
  )
}
