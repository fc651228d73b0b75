import { CreateTopics } from '../../protocol/api/19-create-topics.ts'
import { handler } from '../handler.ts'
import { checkRequestSize, planTopic } from '../new-topic.ts'
import { attempt, Refusal } from '../refusal.ts'
import { namedTwice } from '../repeated-names.ts'

/** From this version on the answer also describes what was created (KIP-525); this broker does not serve it yet. */
const NOT_DESCRIBED = { topicId: '', numPartitions: -1, replicationFactor: -1, configs: null }

/**
 * CreateTopics, versions 2 to 4. Each topic succeeds or fails by itself; a name that comes twice fails once, with
 * INVALID_REQUEST. -1 means the broker's default in every version, though KIP-464 promises it for version 4 only.
 */
export const createTopics = handler(CreateTopics, [2, 4], ({ topics, validateOnly }, { state }) => {
  const repeated = namedTwice(topics)
  const wanted = topics.filter(({ name }) => !repeated.has(name))
  const tooLarge = attempt(() => checkRequestSize(state, wanted))
  const responses = wanted.map((topic) => ({
    name: topic.name,
    ...NOT_DESCRIBED,
    ...(tooLarge.errorCode !== 0
      ? tooLarge
      : attempt(() => {
          const plan = planTopic(state, topic)
          if (!validateOnly) state.topics.create(plan)
        })),
  }))
  const refused = [...repeated].map((name) => ({
    name,
    ...NOT_DESCRIBED,
    ...attempt(() => {
      throw new Refusal('INVALID_REQUEST', 'Duplicate topic name.')
    }),
  }))
  return { throttleTimeMs: 0, topics: [...refused, ...responses] }
})
