import { expect } from 'vitest'
import { connect } from '../../../kafka/client/client.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { freshName } from '../test-broker.ts'

/** A new topic, by a name that no other test uses; resolves once clients can see it. */
export async function createTopic(bootstrap: string, numPartitions = 1): Promise<string> {
  const name = freshName()
  const client = await connect(bootstrap, { timeoutMs: 5000 })
  const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }
  await client.request(CreateTopics, 4, { topics: [topic], timeoutMs: 5000, validateOnly: false })
  await expect.poll(async () => (await client.metadata([name])).topics[0]?.errorCode).toBe(0)
  client.close()
  return name
}
