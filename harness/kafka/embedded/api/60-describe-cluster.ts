import { DescribeCluster } from '../../protocol/api/60-describe-cluster.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { handler } from '../handler.ts'
import { attempt, Refusal } from '../refusal.ts'

const BROKERS = 1
const CONTROLLERS = 2

/** A bit for each operation on a cluster (AclOperation): CREATE, ALTER, DESCRIBE, CLUSTER_ACTION and so on. */
const EVERY_OPERATION = 8096
/** Kafka's "not asked for": the lowest INT32. */
const NO_OPERATIONS = -0x80000000

/** DescribeCluster, versions 0 to 2 (KIP-700): the nodes, also fenced ones if so wished (KIP-1073). */
export const describeCluster = handler(DescribeCluster, [0, 2], (request, { state }) => {
  const refusal = attempt(() => checkEndpoint(request))
  const { nodes, clusterId } = state
  const answer = { throttleTimeMs: 0, ...refusal, endpointType: BROKERS }
  if (refusal.errorCode !== 0) {
    return {
      ...answer,
      clusterId: '',
      controllerId: -1,
      brokers: [],
      clusterAuthorizedOperations: NO_OPERATIONS,
    }
  }
  const shown = nodes.all.filter(({ id }) => request.includeFencedBrokers || nodes.isActive(id))
  return {
    ...answer,
    clusterId,
    controllerId: nodes.controllerId,
    brokers: shown.map(({ id, host, port }) => ({
      brokerId: id,
      host,
      port,
      rack: null,
      isFenced: !nodes.isActive(id),
    })),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? EVERY_OPERATION : NO_OPERATIONS,
  }
})

/** A broker does not speak for the controllers (KIP-919). */
function checkEndpoint({ endpointType }: RequestOf<typeof DescribeCluster>): void {
  if (endpointType === BROKERS) return
  if (endpointType !== CONTROLLERS) {
    throw new Refusal('UNSUPPORTED_ENDPOINT_TYPE', `Unsupported endpoint type ${endpointType}`)
  }
  throw new Refusal(
    'MISMATCHED_ENDPOINT_TYPE',
    'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
  )
}
