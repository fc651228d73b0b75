import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshName, testBroker } from '../test-broker.ts'
import { haveKafkaTools, type KafkaTools, kafkaTools } from './kafka-tools.ts'
import { createTopic } from './topic.ts'

/* Kafka's own tools for topics, settings and records, against the embedded broker, or the one of WORKBOOK_TEST_BROKER. */

describe.skipIf(!haveKafkaTools())("Kafka's tools for topics", { timeout: 90_000 }, () => {
  let broker: Awaited<ReturnType<typeof testBroker>>
  let kafka: KafkaTools

  beforeAll(async () => {
    broker = await testBroker()
    kafka = kafkaTools(broker.bootstrap)
  })

  afterAll(() => broker.close())

  const topics = (...args: string[]) => kafka.run('kafka-topics', args)

  async function topicWith(...args: string[]): Promise<string> {
    const topic = freshName()
    await topics('--create', '--topic', topic, ...args)
    return topic
  }

  test('kafka-topics creates, lists, describes, grows and deletes', async () => {
    const topic = await topicWith('--partitions', '2', '--config', 'retention.ms=60000')
    expect((await topics('--list')).split('\n')).toContain(topic)
    const described = await topics('--describe', '--topic', topic)
    expect(described).toMatch(
      /TopicId: [\w-]{22}\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: .*retention\.ms=60000/,
    )
    expect(described).toMatch(/Partition: 1\tLeader: 1\tReplicas: 1\tIsr: 1/)
    await topics('--alter', '--topic', topic, '--partitions', '3')
    expect(await topics('--describe', '--topic', topic)).toContain('PartitionCount: 3')
    await topics('--delete', '--topic', topic)
    expect((await topics('--list')).split('\n')).not.toContain(topic)
  })

  test('kafka-topics is told what is wrong', async () => {
    const topic = await createTopic(broker.bootstrap)
    await expect(topicWith('--config', 'retention.ms=never')).rejects.toThrow(
      /Invalid value never for configuration retention.ms/,
    )
    await expect(topicWith('--replication-factor', '2')).rejects.toThrow(/replication factor/i)
    await expect(topics('--create', '--topic', topic)).rejects.toThrow(`Topic '${topic}' already exists.`)
    await expect(topics('--alter', '--topic', topic, '--partitions', '1')).rejects.toThrow(
      /InvalidPartitions/,
    )
  })

  test('kafka-configs alters and describes a topic', async () => {
    const topic = await createTopic(broker.bootstrap)
    const about = ['--entity-type', 'topics', '--entity-name', topic]
    const configs = (...args: string[]) => kafka.run('kafka-configs', [...about, ...args])
    await configs('--alter', '--add-config', 'cleanup.policy=[compact,delete],max.message.bytes=2000')
    const described = await configs('--describe')
    expect(described).toContain(
      'max.message.bytes=2000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:max.message.bytes=2000, ' +
        'DEFAULT_CONFIG:message.max.bytes=1048588}',
    )
    expect(described).toContain('cleanup.policy=compact,delete')
    await configs('--alter', '--delete-config', 'max.message.bytes')
    expect(await configs('--describe')).not.toContain('max.message.bytes')
    expect(await configs('--describe', '--all')).toContain('max.message.bytes=1048588')
  })

  test('kafka-configs describes the node, and what all nodes share', async () => {
    const about = ['--entity-type', 'brokers', '--describe']
    const node = await kafka.run('kafka-configs', [...about, '--entity-name', '1', '--all'])
    expect(node).toMatch(/auto\.create\.topics\.enable=false sensitive=false/)
    expect(await kafka.run('kafka-configs', about)).toContain(
      'Default configs for brokers in the cluster are:',
    )
  })

  test('kafka-get-offsets knows start, end, times and the latest time; kafka-delete-records moves the start', async () => {
    const topic = await createTopic(broker.bootstrap)
    await kafka.run('kafka-console-producer', ['--topic', topic], 'a\nb\nc\n')
    const at = (...time: string[]) => kafka.run('kafka-get-offsets', ['--topic', topic, ...time])
    expect(await at()).toBe(`${topic}:0:3`)
    expect(await at('--time', 'max-timestamp')).toMatch(new RegExp(`^${topic}:0:[012]$`))
    expect(await at('--time', '1000')).toBe(`${topic}:0:0`)
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'delete-records-'))
    const file = path.join(folder, 'offsets.json')
    fs.writeFileSync(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: 2 }] }))
    expect(await kafka.run('kafka-delete-records', ['--offset-json-file', file])).toContain(
      `partition: ${topic}-0\tlow_watermark: 2`,
    )
    fs.rmSync(folder, { recursive: true })
    expect(await at('--time', 'earliest')).toBe(`${topic}:0:2`)
  })

  test('kafka-broker-api-versions and kafka-cluster read what the broker says of itself', async () => {
    expect(await kafka.run('kafka-broker-api-versions', [])).toMatch(/Produce\(0\): 0 to \d+ \[usable: \d+\]/)
    expect(await kafka.run('kafka-cluster', ['cluster-id'])).toMatch(/^Cluster ID: [\w-]{22}$/)
  })
})
