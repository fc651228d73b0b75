import { api } from '../api.ts'
import {
  array,
  bool,
  int8,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  uuid,
} from '../codec.ts'

/**
 * Versions 2 to 7 (KIP-4). Version 3 brought throttling after the answer (KIP-219), 4 the broker's defaults by -1
 * (KIP-464), 5 compact lengths (KIP-482) and the topic's configuration in the answer (KIP-525), 6 a new error code
 * (KIP-599), 7 the topic id (KIP-516).
 */
export const CreateTopics = api(19, 'CreateTopics', [2, 7], {
  flexibleFrom: 5,
  request: struct({
    topics: array(
      struct({
        name: string,
        numPartitions: int32,
        replicationFactor: int16,
        assignments: array(struct({ partitionIndex: int32, brokerIds: array(int32) })),
        configs: array(struct({ name: string, value: nullableString })),
      }),
    ),
    timeoutMs: int32,
    validateOnly: bool,
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        topicId: since(7, uuid),
        errorCode: int16,
        errorMessage: nullableString,
        numPartitions: since(5, int32, -1),
        replicationFactor: since(5, int16, -1),
        configs: since(
          5,
          nullableArray(
            struct({
              name: string,
              value: nullableString,
              readOnly: bool,
              configSource: int8,
              isSensitive: bool,
            }),
          ),
        ),
      }),
    ),
  }),
})
