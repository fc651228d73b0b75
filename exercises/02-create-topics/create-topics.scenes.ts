import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from '#workbook/check'
import {
  type ClusterInfo,
  describeCluster,
  ensureTopics,
  type TopicOutcome,
  type TopicSpec,
} from './create-topics.ts'

/** Meets the cluster: who is there, and under which address? */
export async function cluster({ kafka }: Stage): Promise<ClusterInfo> {
  return describeCluster(kafka)
}

/** Meets the cluster, and says how many connections your code has left open. A program ends when there is none. */
export async function connectionsLeft({ kafka }: Stage): Promise<number> {
  const before = openConnections()
  await describeCluster(kafka)
  // Closing may take a moment longer than the answer.
  for (let waits = 0; openConnections() > before && waits < 50; waits++) await sleep(20)
  return openConnections() - before
}

/** Ensures some topics, once. */
export async function ensure({
  kafka,
  topic,
  given = bookstore(`${topic}-`),
}: Stage<TopicSpec[]>): Promise<TopicOutcome[]> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await ensureTopics(admin, given)
  } finally {
    await admin.disconnect()
  }
}

/** Ensures the same topics twice, as a program does that is started again. */
export async function ensureTwice(stage: Stage<TopicSpec[]>): Promise<TopicOutcome[][]> {
  return [await ensure(stage), await ensure(stage)]
}

/** Sets up the two topics of the bookstore, `events` and `orders`, on the broker in force: `npm run play 02 seed`. */
export async function seed(stage: Stage): Promise<TopicOutcome[]> {
  return ensure({ ...stage, given: bookstore('') })
}

function bookstore(prefix: string): TopicSpec[] {
  return [
    { topic: `${prefix}events`, partitions: 3 },
    { topic: `${prefix}orders`, partitions: 4 },
  ]
}

/** The connections that keep this process alive. */
function openConnections(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length
}
