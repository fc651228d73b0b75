import { AlterConfigs } from '../../../kafka/protocol/api/33-alter-configs.ts'
import { describedOnce, TOPIC } from '../config-steps.ts'
import { configs } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 1

function alter(
  resourceName: string,
  values: Record<string, string | null>,
  resourceType = TOPIC,
  validateOnly = false,
) {
  return { resources: [{ resourceType, resourceName, configs: configs(values) }], validateOnly }
}

export const alterConfigsSequences = sequencesOf('33-alter-configs', {
  'every-version': [
    'Settings of a topic are replaced in every version.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const version of servedVersions(AlterConfigs)) {
        const value = `${1000 + version}`
        await scene.peer.ask(AlterConfigs, version, alter(topic, { 'retention.ms': value }))
        await describedOnce(scene, topic, ['retention.ms'], (now) => now['retention.ms'] === value)
      }
    },
  ],
  'replaces-all': [
    'What a request does not name goes back to its default.',
    async (scene) => {
      const topic = await scene.topic('t', {
        configs: { 'retention.ms': '1000', 'max.message.bytes': '2000' },
      })
      await scene.peer.ask(AlterConfigs, VERSION, alter(topic, { 'max.message.bytes': '3000' }))
      const names = ['retention.ms', 'max.message.bytes']
      await describedOnce(scene, topic, names, (now) => now['max.message.bytes'] === '3000')
    },
  ],
  invalid: [
    'A setting that does not exist or a value that it cannot have is INVALID_CONFIG; null is INVALID_REQUEST.',
    async (scene) => {
      const topic = await scene.topic('t')
      const refused: Record<string, string | null>[] = [
        { 'no.such.setting': '1' },
        { 'retention.ms': 'soon' },
        { 'retention.ms': null },
      ]
      for (const values of refused) {
        await scene.peer.ask(AlterConfigs, VERSION, alter(topic, values))
      }
    },
  ],
  'unknown-topic': [
    'A topic that does not exist is UNKNOWN_TOPIC_OR_PARTITION.',
    async (scene) => {
      await scene.peer.ask(AlterConfigs, VERSION, alter(scene.name('nobody'), { 'retention.ms': '1' }))
      await scene.peer.ask(AlterConfigs, VERSION, alter('', { 'retention.ms': '1' }))
    },
  ],
  'validate-only': [
    'With validateOnly nothing changes.',
    async (scene) => {
      const topic = await scene.topic('t')
      await scene.peer.ask(AlterConfigs, VERSION, alter(topic, { 'retention.ms': '1000' }, TOPIC, true))
      await scene.peer.ask(AlterConfigs, VERSION, alter(topic, { 'retention.ms': 'soon' }, TOPIC, true))
      await describedOnce(scene, topic, ['retention.ms'], () => true)
    },
  ],
  'named-twice': [
    'A setting that comes twice is INVALID_REQUEST.',
    async (scene) => {
      const topic = await scene.topic('t')
      const one = alter(topic, { 'retention.ms': '1' }).resources[0] as ReturnType<
        typeof alter
      >['resources'][number]
      const twice = { ...one, configs: [...one.configs, ...one.configs] }
      await scene.peer.ask(AlterConfigs, VERSION, { resources: [twice], validateOnly: false })
    },
  ],
  'unknown-type': [
    'A resource of an unknown type is INVALID_REQUEST.',
    async (scene) => {
      await scene.peer.ask(AlterConfigs, VERSION, alter('x', { a: '1' }, 99))
    },
  ],
  several: [
    'Several topics are changed in one request; an error in one leaves the others alone.',
    async (scene) => {
      const names = [await scene.topic('two'), scene.name('nobody'), await scene.topic('one')]
      const resources = names.flatMap((name) => alter(name, { 'retention.ms': '1000' }).resources)
      await scene.peer.ask(AlterConfigs, VERSION, { resources, validateOnly: false })
    },
  ],
})
