import type { Fetch } from '../protocol/api/01-fetch.ts'
import type { RequestOf } from '../protocol/api.ts'
import { uuid } from '../protocol/codec.ts'
import type { ErrorName } from '../protocol/error-codes.ts'
import type { RequestContext } from './handler.ts'
import { Refusal } from './refusal.ts'
import type { Partition, Topics } from './topics.ts'

type TopicRequest = RequestOf<typeof Fetch>['topics'][number]

/** From this version on a fetch names topics by id (KIP-516). */
const BY_ID_FROM = 13

/** One partition that a fetch wants, with the name of its topic: empty when nobody has the id. */
export interface WantedPartition {
  topic: string
  /** The id that was asked for; zeros where the request names topics. */
  topicId: string
  asked: TopicRequest['partitions'][number]
}

export interface UnknownPartition extends WantedPartition {
  error: ErrorName
}

/**
 * Looks up what a fetch wants. A partition that is named twice counts once, as it is named last. Ids are looked up once:
 * when a topic is replaced while the fetch waits, that is an error for `stillWanted`.
 */
export function wantedPartitions(
  topics: readonly TopicRequest[],
  { state, apiVersion }: Pick<RequestContext, 'state' | 'apiVersion'>,
): { known: WantedPartition[]; unknown: UnknownPartition[] } {
  const isById = apiVersion >= BY_ID_FROM
  const wanted = new Map<string, WantedPartition>()
  for (const { topic, topicId, partitions } of topics) {
    const name = isById ? (state.topics.withId(topicId)?.name ?? '') : topic
    for (const asked of partitions) {
      wanted.set(`${topicId} ${name} ${asked.partition}`, { topic: name, topicId, asked })
    }
  }
  const known: WantedPartition[] = []
  const unknown: UnknownPartition[] = []
  for (const one of wanted.values()) {
    if (state.topics.get(one.topic)?.partitions[one.asked.partition]) known.push(one)
    else
      unknown.push({
        ...one,
        error: isById && one.topic === '' ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION',
      })
  }
  return { known, unknown }
}

/** The partition, if it still is the one that was looked up. Throws Refusal. */
export function stillWanted({ topic, topicId, asked }: WantedPartition, topics: Topics): Partition {
  const partition = topics.partition(topic, asked.partition)
  if (!partition) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION')
  if (topicId !== uuid.absent && topics.get(topic)?.id !== topicId) throw new Refusal('INCONSISTENT_TOPIC_ID')
  return partition
}
