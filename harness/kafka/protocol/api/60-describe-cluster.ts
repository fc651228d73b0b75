import { api } from '../api.ts'
import { array, bool, int8, int16, int32, nullableString, since, string, struct } from '../codec.ts'

/**
 * Versions 0 to 2 (KIP-700), flexible from the start. Version 1 brought the type of endpoint, 1 for brokers and 2 for
 * controllers (KIP-919), 2 nodes that are fenced (KIP-1073).
 */
export const DescribeCluster = api(60, 'DescribeCluster', [0, 2], {
  flexibleFrom: 0,
  request: struct({
    includeClusterAuthorizedOperations: bool,
    endpointType: since(1, int8, 1),
    includeFencedBrokers: since(2, bool),
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullableString,
    endpointType: since(1, int8, 1),
    clusterId: string,
    controllerId: int32,
    brokers: array(
      struct({
        brokerId: int32,
        host: string,
        port: int32,
        rack: nullableString,
        isFenced: since(2, bool),
      }),
    ),
    clusterAuthorizedOperations: int32,
  }),
})
