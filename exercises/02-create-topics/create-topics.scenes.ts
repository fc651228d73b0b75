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
