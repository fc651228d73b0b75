import kafkajs from 'kafkajs'
import { topicView } from '../../check/topic-view.ts'
import { connect } from '../../kafka/client/client.ts'

// Node sees few of the exports of a CommonJS package.
const { ConfigResourceTypes, Kafka, logLevel } = kafkajs

/** Another submission's topic on the same broker. */
export interface Neighbour {
  topic: string
  /** Whether the topic or the broker has been changed since the last call; puts the topic right again. */
  touched(): Promise<boolean>
  close(): Promise<void>
}

const TOPIC = 'wb-neighbour-topic'

export async function openNeighbour(bootstrap: string): Promise<Neighbour> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING })
  const client = await connect(bootstrap, { timeoutMs: 20_000 })
  const [admin, producer] = [kafka.admin(), kafka.producer()]
  await Promise.all([admin.connect(), producer.connect()])

  const make = async () => {
    await topicView(client, TOPIC).create({ partitions: 1 })
    await producer.send({ topic: TOPIC, messages: [{ value: 'the work of another' }] })
  }
  const state = async () => {
    const { topics } = await admin.fetchTopicMetadata()
    if (!topics.some(({ name }) => name === TOPIC)) return 'deleted'
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        { type: ConfigResourceTypes.TOPIC, name: TOPIC },
        { type: ConfigResourceTypes.BROKER, name: '1' },
      ],
    })
    const settings = resources.flatMap(({ configEntries }) =>
      configEntries.map(({ configName, configValue }) => `${configName}=${configValue}`),
    )
    return JSON.stringify([await admin.fetchTopicOffsets(TOPIC), settings])
  }
  await make()
  const before = await state()

  return {
    topic: TOPIC,
    async touched() {
      const now = await state()
      if (now === before) return false
      if (now !== 'deleted') await admin.deleteTopics({ topics: [TOPIC] })
      await make()
      return true
    },
    async close() {
      await Promise.all([admin.disconnect(), producer.disconnect()])
      client.close()
    },
  }
}
