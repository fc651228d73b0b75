import { api } from '../api.ts'
import {
  array,
  bool,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  uuid,
  versions,
} from '../codec.ts'

/** Kafka's "not asked for": the lowest INT32. */
const NO_AUTHORIZED_OPERATIONS = -0x80000000

/**
 * Versions 0 to 12. Version 1 brought racks, the controller, internal topics and null for "all topics" (0 says it with
 * an empty list), 2 the cluster id (KIP-78), 3 the throttle time (KIP-124), 4 the choice of no auto-creation,
 * 5 offline replicas (KIP-112), 6 throttling after the answer (KIP-219), 7 leader epochs (KIP-320),
 * 8 authorized operations (KIP-430), 9 compact lengths (KIP-482), 10 topic ids (KIP-516), 11 dropped the
 * authorized operations of the cluster (KIP-700), 12 finds topics by id: then the name is null, and also in the answer when
 * nobody has the id.
 */
export const Metadata = api(3, 'Metadata', [0, 12], {
  flexibleFrom: 9,
  request: struct({
    topics: nullableArray(struct({ topicId: since(10, uuid), name: nullableString })),
    allowAutoTopicCreation: since(4, bool, true),
    includeClusterAuthorizedOperations: versions(8, 10, bool),
    includeTopicAuthorizedOperations: since(8, bool),
  }),
  response: struct({
    throttleTimeMs: since(3, int32),
    brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: since(1, nullableString) })),
    clusterId: since(2, nullableString),
    controllerId: since(1, int32, -1),
    topics: array(
      struct({
        errorCode: int16,
        name: nullableString,
        topicId: since(10, uuid),
        isInternal: since(1, bool),
        partitions: array(
          struct({
            errorCode: int16,
            partitionIndex: int32,
            leaderId: int32,
            leaderEpoch: since(7, int32, -1),
            replicaNodes: array(int32),
            isrNodes: array(int32),
            offlineReplicas: since(5, array(int32)),
          }),
        ),
        topicAuthorizedOperations: since(8, int32, NO_AUTHORIZED_OPERATIONS),
      }),
    ),
    clusterAuthorizedOperations: versions(8, 10, int32, NO_AUTHORIZED_OPERATIONS),
  }),
})
