import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshName, testBroker } from '../test-broker.ts'
import { haveKafkaTools, type KafkaTools, kafkaTools } from './kafka-tools.ts'
import { createTopic } from './topic.ts'

/* Kafka's own console clients and its tool for groups, against the embedded broker, or the one of WORKBOOK_TEST_BROKER. */

const POLL = { timeout: 30_000, interval: 100 }

describe.skipIf(!haveKafkaTools())("Kafka's console clients", { timeout: 90_000 }, () => {
  let broker: Awaited<ReturnType<typeof testBroker>>
  let kafka: KafkaTools

  beforeAll(async () => {
    broker = await testBroker()
    kafka = kafkaTools(broker.bootstrap)
  })

  afterAll(() => broker.close())

  const topicWith = (partitions?: number) => createTopic(broker.bootstrap, partitions)

  const produce = (topic: string, lines: string[], ...args: string[]) =>
    kafka.run(
      'kafka-console-producer',
      ['--topic', topic, ...args],
      lines.map((line) => `${line}\n`).join(''),
    )

  const consume = (topic: string, count: number, ...args: string[]) =>
    kafka.run('kafka-console-consumer', ['--topic', topic, '--max-messages', String(count), ...args])

  const groups = (...args: string[]) => kafka.run('kafka-consumer-groups', args)

  test('produce with every codec, and consume all of it', async () => {
    const topic = await topicWith()
    const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
    const linesOf = (codec: string) => Array.from({ length: 20 }, (_, index) => `${codec} ${index}`)
    for (const codec of codecs) await produce(topic, linesOf(codec), '--compression-codec', codec)
    const read = await consume(topic, 100, '--from-beginning')
    expect(read.split('\n')).toEqual(codecs.flatMap(linesOf))
  })

  test('produce keys and headers; consume from an offset, committed records only', async () => {
    const topic = await topicWith()
    const parse = ['parse.key=true', 'key.separator=:', 'parse.headers=true', 'headers.delimiter=|']
    const properties = (name: string, list: string[]) => list.flatMap((one) => [name, one])
    const line = (key: string, value: string) => `trace:7|${key}:${value}`
    await produce(topic, [line('a', '1'), line('b', '2')], ...properties('--reader-property', parse))
    const print = ['print.key=true', 'print.headers=true', 'print.offset=true', 'key.separator=:']
    const from = ['--partition', '0', '--offset', '1', '--isolation-level', 'read_committed']
    const read = await consume(topic, 1, ...from, ...properties('--formatter-property', print))
    expect(read).toBe('Offset:1:trace:7:b:2')
  })

  test('kafka-consumer-groups follows a group: its members, its lag, its end', async () => {
    const topic = await topicWith(2)
    const group = freshName()
    await produce(topic, ['a', 'b', 'c'])
    const consumer = kafka.start('kafka-console-consumer', [
      ...['--topic', topic, '--group', group, '--from-beginning'],
    ])
    await expect.poll(() => consumer.lines.toSorted(), POLL).toEqual(['a', 'b', 'c'])
    const state = await groups('--describe', '--group', group, '--state')
    expect(state).toMatch(new RegExp(`${group} +\\S+ +\\(1\\) +range +Stable +1`))
    expect(await groups('--describe', '--group', group, '--members')).toMatch(
      new RegExp(`${group} +console-consumer-\\S+ +/127\\.0\\.0\\.1 +console-consumer +2`),
    )
    await consumer.stop()
    await expect.poll(() => groups('--list', '--state'), POLL).toMatch(new RegExp(`${group} +Empty`))
    expect(await kafka.run('kafka-groups', ['--list'])).toMatch(new RegExp(`${group} +Classic +consumer`))
    await produce(topic, ['d'])
    const lags = [...(await groups('--describe', '--group', group)).matchAll(LAG)].map((found) => found[1])
    expect(lags.map(Number).reduce((sum, lag) => sum + lag, 0)).toBe(1)
  })

  test('kafka-consumer-groups resets, forgets and deletes', async () => {
    const topic = await topicWith()
    const group = freshName()
    await produce(topic, ['a', 'b', 'c'])
    await consume(topic, 3, '--group', group, '--from-beginning')
    const reset = (...to: string[]) =>
      groups('--reset-offsets', '--group', group, '--topic', topic, ...to, '--execute')
    const row = (offset: number) => new RegExp(`${group} +${topic} +0 +${offset}`)
    expect(await reset('--to-earliest')).toMatch(row(0))
    expect(await reset('--shift-by', '2')).toMatch(row(2))
    expect(await consume(topic, 1, '--group', group)).toBe('c')
    expect(await reset('--to-datetime', '2020-01-01T00:00:00.000')).toMatch(row(0))
    expect(await groups('--delete-offsets', '--group', group, '--topic', topic)).toMatch(/Successful/)
    expect(await groups('--delete', '--group', group)).toMatch(/was successful/)
    expect((await groups('--list')).split('\n')).not.toContain(group)
  })
})

const LAG = /^\S+ +\S+ +\d+ +\d+ +\d+ +(\d+) /gm
