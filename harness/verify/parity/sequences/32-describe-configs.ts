import { DescribeConfigs } from '../../../kafka/protocol/api/32-describe-configs.ts'
import { BROKER, describeConfigs, TOPIC } from '../config-steps.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 3

export const describeConfigsSequences = sequencesOf('32-describe-configs', {
  'every-version': [
    'A setting of a topic is described with where it comes from, in every version.',
    async (scene) => {
      const topic = await scene.topic('t', { configs: { 'retention.ms': '1000' } })
      for (const version of servedVersions(DescribeConfigs)) {
        const names = ['retention.ms', 'segment.bytes']
        for (const includeSynonyms of [false, true]) {
          const body = describeConfigs(TOPIC, topic, names, { includeSynonyms })
          await scene.peer.ask(DescribeConfigs, version, body)
        }
      }
    },
  ],
  'all-of-a-topic': [
    'Without names, all settings of a topic are described.',
    async (scene) => {
      const topic = await scene.topic('t')
      const body = describeConfigs(TOPIC, topic, null, { includeSynonyms: true })
      await scene.peer.ask(DescribeConfigs, VERSION, body)
      await scene.peer.ask(DescribeConfigs, VERSION, describeConfigs(TOPIC, topic, []))
    },
  ],
  'unknown-setting': [
    'A setting that does not exist is left out.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(
        DescribeConfigs,
        VERSION,
        describeConfigs(TOPIC, topic, ['no.such.setting', 'retention.ms']),
      )
    },
  ],
  'unknown-topic': [
    'A topic that does not exist is UNKNOWN_TOPIC_OR_PARTITION; a name that none can have INVALID_TOPIC_EXCEPTION.',
    async (scene) => {
      for (const name of [scene.name('nobody'), 'a b', '']) {
        await scene.peer.ask(DescribeConfigs, VERSION, describeConfigs(TOPIC, name, null))
      }
    },
  ],
  several: [
    'Several resources are described in one answer; an error in one leaves the others alone.',
    async (scene) => {
      const topic = await scene.topic('t')
      const resources = [scene.name('nobody'), topic].map((resourceName) => ({
        resourceType: TOPIC,
        resourceName,
        configurationKeys: ['cleanup.policy'],
      }))
      const body = { resources, includeSynonyms: false, includeDocumentation: false }
      await scene.peer.ask(DescribeConfigs, VERSION, body)
    },
  ],
  node: [
    'A setting of a node is described.',
    async (scene) => {
      const names = ['num.partitions', 'group.max.size', 'min.insync.replicas']
      for (const includeSynonyms of [false, true]) {
        for (const name of names) {
          await scene.peer.ask(
            DescribeConfigs,
            VERSION,
            describeConfigs(BROKER, '1', [name], { includeSynonyms }),
          )
        }
      }
    },
  ],
  'wrong-node': [
    'A node describes itself, and no other; something that is no number is no node.',
    async (scene) => {
      for (const name of ['7', 'one']) {
        await scene.peer.ask(DescribeConfigs, VERSION, describeConfigs(BROKER, name, ['num.partitions']))
      }
    },
  ],
  cluster: [
    'What all nodes share is described under the empty name.',
    async (scene) => {
      await scene.peer.ask(
        DescribeConfigs,
        VERSION,
        describeConfigs(BROKER, '', null, { includeSynonyms: true }),
      )
    },
  ],
  'unknown-type': [
    'A resource of an unknown type is INVALID_REQUEST.',
    async (scene) => {
      await scene.peer.ask(DescribeConfigs, VERSION, describeConfigs(99, 'x', null))
    },
  ],
})
