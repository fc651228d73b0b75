import { CreateTopics } from '../../protocol/api/19-create-topics.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { uuid } from '../../protocol/codec.ts'
import { describeTopicConfigs } from '../config-entries.ts'
import { handler } from '../handler.ts'
import { checkRequestSize, planTopic } from '../new-topic.ts'
import { attempt, Refusal } from '../refusal.ts'
import { namedTwice } from '../repeated-names.ts'
import type { State } from '../state.ts'
import { TopicConfigs } from '../topic-configs.ts'
import { newTopicId, type TopicPlan } from '../topics.ts'

type Created = Omit<ResponseOf<typeof CreateTopics>['topics'][number], 'name' | 'errorCode' | 'errorMessage'>

const NOT_CREATED = { topicId: uuid.absent, numPartitions: -1, replicationFactor: -1, configs: [] }

/**
 * CreateTopics, versions 2 to 7. Each topic succeeds or fails by itself; a name that comes twice fails once, with
 * INVALID_REQUEST. -1 means the broker's default in every version, though KIP-464 promises it for version 4 only.
 * The answer tells what was created, or would be: all its settings (KIP-525) and its id (KIP-516).
 */
export const createTopics = handler(CreateTopics, [2, 7], ({ topics, validateOnly }, { state }) => {
  const repeated = namedTwice(topics)
  const plans = topics.filter(({ name }) => !repeated.has(name))
  const tooLarge = attempt(() => checkRequestSize(state, plans))
  const responses = plans.map((wanted) => {
    if (tooLarge.errorCode !== 0) return { name: wanted.name, ...NOT_CREATED, ...tooLarge }
    let created: Created = NOT_CREATED
    const fields = attempt(() => {
      const plan = planTopic(state, wanted)
      created = describe(plan, validateOnly ? newTopicId() : state.topics.create(plan).id, state)
    })
    return { name: wanted.name, ...created, ...fields }
  })
  const refused = [...repeated].map((name) => ({
    name,
    ...NOT_CREATED,
    ...attempt(() => {
      throw new Refusal('INVALID_REQUEST', 'Duplicate topic name.')
    }),
  }))
  return { throttleTimeMs: 0, topics: [...refused, ...responses] }
})

function describe({ replicas, configs }: TopicPlan, topicId: string, { settings }: State): Created {
  return {
    topicId,
    numPartitions: replicas.length,
    replicationFactor: replicas[0]?.length ?? -1,
    configs: describeTopicConfigs(new TopicConfigs(configs, settings), settings),
  }
}
