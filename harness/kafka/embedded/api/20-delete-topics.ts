import { DeleteTopics } from '../../protocol/api/20-delete-topics.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { uuid } from '../../protocol/codec.ts'
import { handler } from '../handler.ts'
import { attempt, Refusal } from '../refusal.ts'
import type { State } from '../state.ts'
import type { Topic } from '../topics.ts'

type Asked = RequestOf<typeof DeleteTopics>['topics'][number]
type Answer = ResponseOf<typeof DeleteTopics>['responses'][number]

/** From this version on a topic may be named by its id (KIP-516). */
const BY_ID_FROM = 6

/**
 * DeleteTopics, versions 1 to 6. The offsets that groups committed for a topic go with it. A topic that is created again
 * under the same name starts at offset 0, with another id. A topic that is named twice is refused, and answered once
 * (ControllerApis.deleteTopics).
 */
export const deleteTopics = handler(DeleteTopics, [1, 6], (request, { state, apiVersion }) => {
  const asked: readonly Asked[] =
    apiVersion >= BY_ID_FROM
      ? request.topics
      : request.topicNames.map((name) => ({ name, topicId: uuid.absent }))
  return { throttleTimeMs: 0, responses: sameTopics(asked, state).map((same) => answer(same, state)) }
})

type Same = [Asked, ...Asked[]]

/** Puts together what means the same topic. */
function sameTopics(asked: readonly Asked[], state: State): Same[] {
  const byTopic = new Map<string, Same>()
  for (const one of asked) {
    const key = find(one, state)?.id ?? `${one.name} ${one.topicId}`
    const same = byTopic.get(key)
    if (same) same.push(one)
    else byTopic.set(key, [one])
  }
  return [...byTopic.values()]
}

/** Undefined, too, when it is not clear what is meant. */
function find({ name, topicId }: Asked, { topics }: State): Topic | undefined {
  if (name === null) return topics.withId(topicId)
  return topicId === uuid.absent ? topics.get(name) : undefined
}

function answer(same: Same, state: State): Answer {
  const [asked] = same
  const topic = find(asked, state)
  const fields = attempt(() => {
    checkNamedOnce(same)
    remove(asked, topic, state)
  })
  // Name and id are told together only of a topic that goes, or that was named by both.
  const isNamedByBoth = same.some(({ name }) => (name === null) !== (asked.name === null))
  const told =
    topic && (fields.errorCode === 0 || isNamedByBoth) ? { name: topic.name, topicId: topic.id } : asked
  return { ...told, ...fields }
}

function checkNamedOnce([{ name, topicId }, ...more]: Same): void {
  const refuse = (text: string): never => {
    throw new Refusal('INVALID_REQUEST', text)
  }
  if (name === null && topicId === uuid.absent) refuse('Neither topic name nor id were specified.')
  if (name !== null && topicId !== uuid.absent) refuse('You may not specify both topic name and topic id.')
  if (more.length === 0) return
  if (more.some((one) => one.name !== name)) {
    refuse('The provided topic name maps to an ID that was already supplied.')
  }
  refuse(name === null ? 'Duplicate topic id.' : 'Duplicate topic name.')
}

function remove({ name }: Asked, topic: Topic | undefined, { topics, groups, settings }: State): void {
  if (settings['delete.topic.enable'] !== 'true') throw new Refusal('TOPIC_DELETION_DISABLED')
  if (!topic && name === null)
    throw new Refusal('UNKNOWN_TOPIC_ID', 'This server does not host this topic ID.')
  if (!topic) {
    throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.')
  }
  topics.delete(topic.name)
  groups.topicDeleted(topic.name)
}
