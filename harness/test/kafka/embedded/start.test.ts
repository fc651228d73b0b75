import { once } from 'node:events'
import { connect as openSocket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WorkbookError } from '../../../errors.ts'
import { freePort } from '../../../free-port.ts'
import { connect } from '../../../kafka/client/client.ts'
import { type EmbeddedBroker, type EmbeddedOptions, startEmbedded } from '../../../kafka/embedded/start.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { manualClock } from './manual-clock.ts'
import { fetchFrom, newTopic, newTopics } from './requests.ts'

const running: EmbeddedBroker[] = []

async function start(options: EmbeddedOptions = {}): Promise<EmbeddedBroker> {
  const broker = await startEmbedded(options)
  running.push(broker)
  return broker
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((broker) => broker.close()))
})

function portOf({ bootstrap }: EmbeddedBroker): number {
  return Number(bootstrap.split(':')[1])
}

describe('startEmbedded', () => {
  it('says in a sentence that the port is taken', async () => {
    const port = portOf(await start())
    const error: unknown = await startEmbedded({ ports: [port] }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(WorkbookError)
    expect((error as WorkbookError).message).toBe(`Port ${port} on 127.0.0.1 is taken.`)
  })

  it('does not start with a setting that it does not have, or with a bad value', async () => {
    await expect(startEmbedded({ settings: { 'no.such': '1' } })).rejects.toThrow('no setting no.such')
    await expect(startEmbedded({ settings: { 'num.partitions': 'x' } })).rejects.toThrow('Invalid value x')
  })

  it.each([
    [{ name: 'or ders' }, "'or ders' contains one or more characters"],
    [{ name: 'orders', partitions: 0 }, 'Number of partitions was set to an invalid non-positive value.'],
    [{ name: 'orders', replicas: 2 }, 'only 1 broker(s) are registered'],
  ])('does not start with a topic that Kafka would refuse: %o', async (topic, words) => {
    const clock = manualClock()
    await expect(startEmbedded({ clock, topics: [topic] })).rejects.toThrow(words)
    expect(clock.waiting).toBe(0)
  })

  it('leaves no connection and no timer behind', async () => {
    const clock = manualClock()
    const broker = await start({ clock })
    const client = await connect(broker.bootstrap, { timeoutMs: 5000 })
    await client.request(CreateTopics, 4, newTopics('t'))
    const timersBefore = clock.waiting
    const parked = client.request(Fetch, 11, fetchFrom('t', 0n, { maxWaitMs: 60_000 })).catch(() => 'cut')
    await expect.poll(() => clock.waiting).toBe(timersBefore + 1)

    const socket = openSocket(portOf(broker), '127.0.0.1')
    await once(socket, 'connect')
    const closed = once(socket, 'close')
    await broker.close()
    await closed
    expect(await parked).toBe('cut')
    expect(clock.waiting).toBe(0)
    client.close()
  })
})

describe('a cluster of several nodes', () => {
  async function threeNodes(options: EmbeddedOptions = {}) {
    const broker = await start({ nodes: 3, ...options })
    const addresses = broker.bootstrap.split(',')
    const client = await connect(addresses[2] as string, { timeoutMs: 5000 })
    await client.request(CreateTopics, 4, {
      topics: [newTopic('t', { replicationFactor: 3 })],
      timeoutMs: 1000,
      validateOnly: false,
    })
    const leader = async () => (await client.metadata(['t'])).topics[0]?.partitions[0]?.leaderId
    return { broker, addresses, client, leader }
  }

  it('is told to clients with ids, ports and another host, if so wished', async () => {
    const { broker, client } = await threeNodes({ firstId: 7, advertisedHost: 'localhost' })
    expect(broker.bootstrap).toMatch(/^localhost:\d+,localhost:\d+,localhost:\d+$/)
    const { brokers } = await client.metadata([])
    expect(brokers.map(({ nodeId, host }) => [nodeId, host])).toEqual([
      [7, 'localhost'],
      [8, 'localhost'],
      [9, 'localhost'],
    ])
    client.close()
  })

  it('cuts the connections of a node that stops, and misses it only after the delay', async () => {
    const clock = manualClock()
    const { broker, addresses, client, leader } = await threeNodes({ clock, failoverDelayMs: 9000 })
    const socket = openSocket(Number(addresses[0]?.split(':')[1]), '127.0.0.1')
    await once(socket, 'connect')
    const closed = once(socket, 'close')
    await broker.stop(1)
    await closed
    await expect(connect(addresses[0] as string, { timeoutMs: 1000 })).rejects.toThrow(WorkbookError)
    clock.advance(8999)
    expect(await leader()).toBe(1)
    clock.advance(1)
    expect(await leader()).toBe(2)
    client.close()
  })

  it('takes a node back on its old port; leaders stay where they have moved', async () => {
    const { broker, addresses, client, leader } = await threeNodes()
    await broker.stop(1)
    await broker.start(1)
    const again = await connect(addresses[0] as string, { timeoutMs: 5000 })
    expect(again.address).toEqual(client.nodes().get(1) ?? again.address)
    again.close()
    expect(await leader()).toBe(2)
    expect(broker.state.topics.partition('t', 0)?.isr).toEqual([1, 2, 3])
    client.close()
  })

  it('treats a node that is back before it was missed as a new one', async () => {
    const clock = manualClock()
    const { broker, client, leader } = await threeNodes({ clock, failoverDelayMs: 9000 })
    await broker.stop(1)
    await broker.start(1)
    expect(await leader()).toBe(2)
    clock.advance(9000)
    expect(broker.state.topics.partition('t', 0)?.isr).toEqual([1, 2, 3])
    client.close()
  })

  it('has no use for a wrong size, or for stopping twice', async () => {
    await expect(startEmbedded({ nodes: 6 })).rejects.toThrow(WorkbookError)
    const { broker, client } = await threeNodes()
    await broker.stop(1)
    await expect(broker.stop(1)).rejects.toThrow('not running')
    await expect(broker.start(2)).rejects.toThrow('not stopped')
    client.close()
  })

  it('leaves no listener behind when one port of several is taken', async () => {
    const taken = portOf(await start())
    const port = await freePort()
    await expect(startEmbedded({ nodes: 2, ports: [port, taken] })).rejects.toThrow(`Port ${taken}`)
    await start({ ports: [port] })
  })
})

describe('a topic that is missing', () => {
  const ask = (name: string, allowAutoTopicCreation: boolean) => ({
    ...Metadata.request.absent,
    topics: [{ topicId: uuid.absent, name }],
    allowAutoTopicCreation,
  })

  async function askTwice(options: EmbeddedOptions, allow: boolean): Promise<EmbeddedBroker> {
    const broker = await start(options)
    const client = await connect(broker.bootstrap, { timeoutMs: 5000 })
    for (const [name, error] of [
      ['new', 'UNKNOWN_TOPIC_OR_PARTITION'],
      ['not a name', 'INVALID_TOPIC_EXCEPTION'],
    ] as const) {
      const { topics } = await client.request(Metadata, 8, ask(name, allow))
      expect(errorName(topics[0]?.errorCode ?? 0)).toBe(error)
    }
    client.close()
    return broker
  }

  it('is created behind the first answer, when broker and client allow it', async () => {
    const settings = { 'auto.create.topics.enable': 'true', 'num.partitions': '2' }
    const { state } = await askTwice({ settings }, true)
    await expect.poll(() => state.topics.get('new')?.partitions.length).toBe(2)
    expect([...state.topics].map(({ name }) => name)).toEqual(['new'])
  })

  it('is not created when one of them does not', async () => {
    for (const [enabled, allow] of [
      ['true', false],
      ['false', true],
    ] as const) {
      const clock = manualClock()
      const { state } = await askTwice({ clock, settings: { 'auto.create.topics.enable': enabled } }, allow)
      clock.advance(1000)
      expect([...state.topics]).toEqual([])
    }
  })
})
