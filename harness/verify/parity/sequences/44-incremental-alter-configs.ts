import { IncrementalAlterConfigs } from '../../../kafka/protocol/api/44-incremental-alter-configs.ts'
import type { RequestOf } from '../../../kafka/protocol/api.ts'
import { APPEND, BROKER, change, DELETE, describedOnce, SET, SUBTRACT, TOPIC } from '../config-steps.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const VERSION = 0
type Body = RequestOf<typeof IncrementalAlterConfigs>
type Change = Body['resources'][number]['configs'][number]

function alter(resourceName: string, ...configs: Change[]): Body {
  return { resources: [{ resourceType: TOPIC, resourceName, configs }], validateOnly: false }
}

export const incrementalAlterConfigsSequences = sequencesOf('44-incremental-alter-configs', {
  'every-version': [
    'A setting is set and taken back, in every version; others stay.',
    async (scene) => {
      const topic = await scene.topic('t', { configs: { 'max.message.bytes': '2000' } })
      const names = ['retention.ms', 'max.message.bytes']
      for (const version of servedVersions(IncrementalAlterConfigs)) {
        await scene.peer.ask(
          IncrementalAlterConfigs,
          version,
          alter(topic, change('retention.ms', SET, '1000')),
        )
        await describedOnce(scene, topic, names, (now) => now['retention.ms'] === '1000')
        await scene.peer.ask(
          IncrementalAlterConfigs,
          version,
          alter(topic, change('retention.ms', DELETE, null)),
        )
        await describedOnce(scene, topic, names, (now) => now['retention.ms'] !== '1000')
      }
    },
  ],
  lists: [
    'Items are added to a list and taken from it.',
    async (scene) => {
      const topic = await scene.topic('t')
      const is = (wanted: string) => (now: Record<string, string | null>) => now['cleanup.policy'] === wanted
      await scene.peer.ask(
        IncrementalAlterConfigs,
        VERSION,
        alter(topic, change('cleanup.policy', APPEND, 'compact')),
      )
      await describedOnce(scene, topic, ['cleanup.policy'], is('delete,compact'))
      await scene.peer.ask(
        IncrementalAlterConfigs,
        VERSION,
        alter(topic, change('cleanup.policy', SUBTRACT, 'delete')),
      )
      await describedOnce(scene, topic, ['cleanup.policy'], is('compact'))
    },
  ],
  'not-a-list': [
    'What is no list can neither grow nor shrink: INVALID_CONFIG.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const operation of [APPEND, SUBTRACT]) {
        await scene.peer.ask(
          IncrementalAlterConfigs,
          VERSION,
          alter(topic, change('retention.ms', operation, '1')),
        )
      }
    },
  ],
  invalid: [
    'Unknown settings, bad values, nulls and operations that do not exist are refused.',
    async (scene) => {
      const topic = await scene.topic('t')
      for (const one of [
        change('no.such.setting', SET, '1'),
        change('no.such.setting', DELETE, null),
        change('retention.ms', SET, 'soon'),
        change('retention.ms', SET, null),
        change('retention.ms', 9, '1'),
      ]) {
        await scene.peer.ask(IncrementalAlterConfigs, VERSION, alter(topic, one))
      }
    },
  ],
  'all-or-none': [
    'One change that is refused hinders all changes of its topic.',
    async (scene) => {
      const topic = await scene.topic('t')
      const changes = [change('retention.ms', SET, '1000'), change('max.message.bytes', SET, 'many')]
      await scene.peer.ask(IncrementalAlterConfigs, VERSION, alter(topic, ...changes))
      await describedOnce(scene, topic, ['retention.ms'], () => true)
    },
  ],
  'unknown-topic': [
    'A topic that does not exist is UNKNOWN_TOPIC_OR_PARTITION; a name that none can have is refused as such.',
    async (scene) => {
      for (const name of [scene.name('nobody'), '', 'a b']) {
        const body = alter(name, change('retention.ms', SET, '1000'))
        await scene.peer.ask(IncrementalAlterConfigs, VERSION, body)
      }
    },
  ],
  'named-twice': [
    'A setting or a resource that comes twice is INVALID_REQUEST.',
    async (scene) => {
      const topic = await scene.topic('t')
      const one = change('retention.ms', SET, '1000')
      await scene.peer.ask(IncrementalAlterConfigs, VERSION, alter(topic, one, one))
      const { resources } = alter(topic, one)
      const body = { resources: [...resources, ...resources], validateOnly: false }
      await scene.peer.ask(IncrementalAlterConfigs, VERSION, body)
    },
  ],
  'validate-only': [
    'With validateOnly nothing changes.',
    async (scene) => {
      const topic = await scene.topic('t')
      const body = { ...alter(topic, change('retention.ms', SET, '1000')), validateOnly: true }
      await scene.peer.ask(IncrementalAlterConfigs, VERSION, body)
      await describedOnce(scene, topic, ['retention.ms'], () => true)
    },
  ],
  'wrong-node': [
    'A node changes its own settings, and no other node.',
    async (scene) => {
      const configs = [change('num.io.threads', SET, '4')]
      const resources = [{ resourceType: BROKER, resourceName: '7', configs }]
      await scene.peer.ask(IncrementalAlterConfigs, VERSION, { resources, validateOnly: false })
    },
  ],
  several: [
    'Several topics are changed in one request; an error in one leaves the others alone.',
    async (scene) => {
      const names = [await scene.topic('two'), scene.name('nobody'), await scene.topic('one')]
      const resources = names.flatMap((name) => alter(name, change('retention.ms', SET, '1000')).resources)
      await scene.peer.ask(IncrementalAlterConfigs, VERSION, { resources, validateOnly: false })
    },
  ],
})
