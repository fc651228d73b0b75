import { HANDLERS } from '../../../kafka/embedded/handlers.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { ApiVersions } from '../../../kafka/protocol/api/18-api-versions.ts'
import { api, type ResponseOf } from '../../../kafka/protocol/api.ts'
import { struct } from '../../../kafka/protocol/codec.ts'
import { metadata } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const CLIENT = { clientSoftwareName: 'parity', clientSoftwareVersion: '1.0' }
const nothing = struct({})

/** What handlers.ts serves and the answer does not name; Kafka names more than that (see NOT-IMPLEMENTED.md). */
function notOffered({ apiKeys }: ResponseOf<typeof ApiVersions>) {
  return HANDLERS.filter(({ api: { key }, versions: [first, last] }) => {
    const offer = apiKeys.find(({ apiKey }) => apiKey === key)
    return !offer || offer.minVersion > first || offer.maxVersion < last
  }).map((one) => one.api.name)
}

function isByKey({ apiKeys }: ResponseOf<typeof ApiVersions>): boolean {
  return apiKeys.every(({ apiKey }, index) => apiKey > (apiKeys[index - 1]?.apiKey ?? -1))
}

export const apiVersionsSequences = sequencesOf('18-api-versions', {
  'every-version': [
    'Every version names at least what the embedded broker serves.',
    async (scene) => {
      for (const version of servedVersions(ApiVersions)) {
        const answer = await scene.peer.quietly(ApiVersions, version, CLIENT)
        scene.note(`ApiVersions v${version}`, {
          ...answer,
          apiKeys: notOffered(answer),
          isByKey: isByKey(answer),
        })
      }
    },
  ],
  'future-version': [
    'A version that the broker does not know is answered in version 0, with UNSUPPORTED_VERSION and its own range.',
    async (scene) => {
      const future = api(ApiVersions.key, 'ApiVersions', [0, 127], {
        request: ApiVersions.request,
        response: ApiVersions.response,
      })
      const asVersion0 = {
        ...future,
        response: {
          ...future.response,
          read: (from: Parameters<typeof future.response.read>[0]) => future.response.read(from, 0),
        },
      }
      await scene.peer.ask(asVersion0, 127, CLIENT)
      await scene.peer.ask(Metadata, 8, metadata([]))
    },
  ],
  'unnamed-client': [
    'A client must name itself from version 3 on.',
    async (scene) => {
      for (const [clientSoftwareName, clientSoftwareVersion] of [
        ['', '1.0'],
        ['parity', ''],
        ['has space', '1.0'],
        ['-dash', '1.0'],
      ] as const) {
        await scene.peer.ask(ApiVersions, 3, { clientSoftwareName, clientSoftwareVersion })
      }
      await scene.peer.ask(ApiVersions, 4, { ...CLIENT, clientSoftwareName: 'x y' })
    },
  ],
  'before-and-after': [
    'ApiVersions may come at any time, and is answered in its turn.',
    async (scene) => {
      const sent = [scene.peer.send(Metadata, 8, metadata([])), scene.peer.send(Metadata, 8, metadata([]))]
      const answer = await scene.peer.quietly(ApiVersions, 2, CLIENT)
      scene.note('ApiVersions v2', { ...answer, apiKeys: notOffered(answer) })
      scene.note(
        'the others came first',
        sent.every((one) => one.isAnswered()),
      )
    },
  ],
  kafkajs: [
    'A client that knows no names, as kafkajs, asks in version 2, 1 and 0.',
    async (scene) => {
      for (const version of [2, 1, 0]) {
        const answer = await scene.peer.quietly(ApiVersions, version, {
          clientSoftwareName: '',
          clientSoftwareVersion: '',
        })
        scene.note(`ApiVersions v${version}`, { ...answer, apiKeys: notOffered(answer) })
      }
    },
  ],
  'unknown-api': [
    'A key that no API has closes the connection.',
    async (scene) => {
      const other = await scene.connect()
      await other.provoke(api(999, 'NoSuchApi', [0, 0], { request: nothing, response: nothing }), 0, {})
      await scene.peer.ask(Metadata, 8, metadata([]))
    },
  ],
  'unknown-version': [
    'A version that the broker does not serve closes the connection.',
    async (scene) => {
      const other = await scene.connect()
      await other.provoke(Metadata, 99, metadata([]))
    },
  ],
  'cut-short': [
    'A request that ends too early closes the connection.',
    async (scene) => {
      const other = await scene.connect()
      await other.provoke(
        api(Metadata.key, 'Metadata', [0, 8], { request: nothing, response: nothing }),
        8,
        {},
      )
      await scene.peer.ask(Metadata, 8, metadata([]))
    },
  ],
})
