import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { DescribeCluster } from '../../../kafka/protocol/api/60-describe-cluster.ts'
import { metadata } from '../requests.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const ASKED = { includeClusterAuthorizedOperations: false, endpointType: 1, includeFencedBrokers: false }

export const describeClusterSequences = sequencesOf('60-describe-cluster', {
  'every-version': [
    'The cluster is described as in Metadata, in every version.',
    async (scene) => {
      await scene.peer.ask(Metadata, 8, metadata([]))
      for (const version of servedVersions(DescribeCluster))
        await scene.peer.ask(DescribeCluster, version, ASKED)
    },
  ],
  operations: [
    'Who asks for the operations that are allowed is told them.',
    async (scene) => {
      await scene.peer.ask(DescribeCluster, 0, { ...ASKED, includeClusterAuthorizedOperations: true })
    },
  ],
  fenced: [
    'Nodes that are fenced can be asked for, where there are none.',
    async (scene) => {
      const last = servedVersions(DescribeCluster).at(-1) ?? 0
      await scene.peer.ask(DescribeCluster, last, { ...ASKED, includeFencedBrokers: true })
    },
  ],
  controllers: [
    'A broker does not describe the controllers.',
    async (scene) => {
      await scene.peer.ask(DescribeCluster, 1, { ...ASKED, endpointType: 2 })
    },
  ],
  'unknown-endpoint': [
    'An endpoint of an unknown type is refused.',
    async (scene) => {
      await scene.peer.ask(DescribeCluster, 1, { ...ASKED, endpointType: 9 })
    },
  ],
})
