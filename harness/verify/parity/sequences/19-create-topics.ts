import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { DescribeConfigs } from '../../../kafka/protocol/api/32-describe-configs.ts'
import { configs, createTopics, metadata, newTopic } from '../requests.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 4
type Given = Parameters<typeof newTopic>[1]

/** Each of these topics alone, so that none hides another's answer. */
async function each(scene: Scene, ...given: Given[]): Promise<void> {
  for (const [index, one] of given.entries()) {
    await scene.peer.ask(CreateTopics, VERSION, createTopics([newTopic(scene.name(`t${index}`), one)]))
  }
}

export const createTopicsSequences = sequencesOf('19-create-topics', {
  'every-version': [
    'A topic is created in every version.',
    async (scene) => {
      for (const version of servedVersions(CreateTopics)) {
        const topic = newTopic(scene.name(`v${version}`), {
          numPartitions: 2,
          configs: configs({ 'retention.ms': '1000' }),
        })
        await scene.peer.ask(CreateTopics, version, createTopics([topic]))
        await scene.peer.until(
          Metadata,
          10,
          metadata([topic.name]),
          ({ topics }) => topics[0]?.errorCode === 0,
        )
      }
    },
  ],
  exists: [
    'A name that is taken is TOPIC_ALREADY_EXISTS.',
    async (scene) => {
      const topic = newTopic(await scene.topic('t'))
      await scene.peer.ask(CreateTopics, VERSION, createTopics([topic]))
      await scene.peer.ask(CreateTopics, VERSION, createTopics([topic], { validateOnly: true }))
    },
  ],
  defaults: [
    '-1 means the default of the broker, in every version.',
    async (scene) => {
      for (const version of servedVersions(CreateTopics)) {
        const name = scene.name(`v${version}`)
        await scene.peer.ask(
          CreateTopics,
          version,
          createTopics([newTopic(name, { numPartitions: -1, replicationFactor: -1 })]),
        )
        await scene.peer.until(Metadata, 8, metadata([name]), ({ topics }) => topics[0]?.errorCode === 0)
      }
    },
  ],
  'invalid-partitions': [
    'A count of partitions that cannot be is INVALID_PARTITIONS.',
    (scene) => each(scene, { numPartitions: 0 }, { numPartitions: -2 }),
  ],
  'invalid-replication-factor': [
    'More replicas than nodes, or none, is INVALID_REPLICATION_FACTOR.',
    (scene) => each(scene, { replicationFactor: 0 }, { replicationFactor: -2 }, { replicationFactor: 4 }),
  ],
  'invalid-names': [
    'A name that no topic can have is INVALID_TOPIC_EXCEPTION.',
    async (scene) => {
      for (const name of ['', '.', '..', 'a b', 'x'.repeat(250), 'ä']) {
        await scene.peer.ask(CreateTopics, VERSION, createTopics([newTopic(name)]))
      }
    },
  ],
  'colliding-names': [
    'A name that differs from another only in a dot and an underscore is INVALID_TOPIC_EXCEPTION.',
    async (scene) => {
      await scene.topic('a.b')
      await scene.peer.ask(CreateTopics, VERSION, createTopics([newTopic(scene.name('a_b'))]))
    },
  ],
  assignments: [
    'Replicas can be placed by hand.',
    async (scene) => {
      const { controllerId } = await scene.peer.quietly(Metadata, 8, metadata([]))
      const assignments = [0, 1].map((partitionIndex) => ({ partitionIndex, brokerIds: [controllerId] }))
      const given = { numPartitions: -1, replicationFactor: -1, assignments }
      await each(scene, given)
      await scene.peer.until(
        Metadata,
        8,
        metadata([scene.name('t0')]),
        ({ topics }) => topics[0]?.errorCode === 0,
      )
    },
  ],
  'invalid-assignments': [
    'Assignments with gaps, unknown nodes or no nodes are INVALID_REPLICA_ASSIGNMENT.',
    async (scene) => {
      const { controllerId } = await scene.peer.quietly(Metadata, 8, metadata([]))
      const by = (...assignments: [number, number[]][]): Given => ({
        numPartitions: -1,
        replicationFactor: -1,
        assignments: assignments.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
      })
      await each(
        scene,
        by([1, [controllerId]]),
        by([0, [77]]),
        by([0, []]),
        by([0, [controllerId, controllerId]]),
        by([0, [controllerId]], [2, [controllerId]]),
        by([0, [controllerId]], [0, [controllerId]]),
      )
    },
  ],
  'assignments-and-counts': [
    'Assignments together with counts are INVALID_REQUEST.',
    async (scene) => {
      const assignments = [{ partitionIndex: 0, brokerIds: [1] }]
      await each(
        scene,
        { assignments },
        { assignments, numPartitions: -1 },
        { assignments, replicationFactor: -1 },
      )
    },
  ],
  'invalid-configs': [
    'A setting that does not exist, or a value that it cannot have, is INVALID_CONFIG.',
    (scene) =>
      each(
        scene,
        { configs: configs({ 'no.such.setting': '1' }) },
        { configs: configs({ 'retention.ms': 'soon' }) },
        { configs: configs({ 'retention.ms': '-2' }) },
        { configs: configs({ 'cleanup.policy': 'burn' }) },
        { configs: configs({ 'segment.bytes': '1' }) },
        { configs: configs({ 'min.cleanable.dirty.ratio': '2' }) },
        { configs: configs({ preallocate: 'perhaps' }) },
        { configs: configs({ 'retention.ms': null }) },
      ),
  ],
  'validate-only': [
    'With validateOnly nothing is created.',
    async (scene) => {
      const body = createTopics([newTopic(scene.name('t'))], { validateOnly: true })
      await scene.peer.ask(CreateTopics, VERSION, body)
      await scene.peer.ask(Metadata, 8, metadata([scene.name('t')]))
    },
  ],
  'named-twice': [
    'A name that comes twice is INVALID_REQUEST, once.',
    async (scene) => {
      const topic = newTopic(scene.name('t'))
      await scene.peer.ask(CreateTopics, VERSION, createTopics([topic, topic]))
    },
  ],
  'no-topics': [
    'A request without topics has an answer without topics.',
    async (scene) => {
      await scene.peer.ask(CreateTopics, VERSION, createTopics([]))
    },
  ],
  'with-configs': [
    'What was set at creation is described as the own setting of the topic.',
    async (scene) => {
      const given = { configs: configs({ 'cleanup.policy': 'compact,delete', 'max.message.bytes': '2000' }) }
      await each(scene, given)
      const resources = [
        {
          resourceType: 2,
          resourceName: scene.name('t0'),
          configurationKeys: ['cleanup.policy', 'max.message.bytes', 'retention.ms'],
        },
      ]
      const body = { resources, includeSynonyms: true, includeDocumentation: false }
      await scene.peer.until(DescribeConfigs, 2, body, ({ results }) => results[0]?.errorCode === 0)
    },
  ],
  several: [
    'Topics that are created together succeed or fail one by one.',
    async (scene) => {
      const topics = [
        newTopic(scene.name('two')),
        newTopic(scene.name('none'), { numPartitions: 0 }),
        newTopic(scene.name('one')),
      ]
      await scene.peer.ask(CreateTopics, VERSION, createTopics(topics))
    },
  ],
})
