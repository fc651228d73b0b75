import { api } from '../api.ts'
import { array, int16, int32, int64, string, struct } from '../codec.ts'

/**
 * Versions 0 to 3 (KIP-98), those that clients use. Version 1 brought throttling after the answer (KIP-219),
 * 2 PRODUCER_FENCED (KIP-588), 3 compact lengths (KIP-482). Version 4 is between brokers; it renamed these fields.
 */
export const AddPartitionsToTxn = api(24, 'AddPartitionsToTxn', [0, 3], {
  flexibleFrom: 3,
  request: struct({
    v3AndBelowTransactionalId: string,
    v3AndBelowProducerId: int64,
    v3AndBelowProducerEpoch: int16,
    v3AndBelowTopics: array(struct({ name: string, partitions: array(int32) })),
  }),
  response: struct({
    throttleTimeMs: int32,
    resultsByTopicV3AndBelow: array(
      struct({
        name: string,
        resultsByPartition: array(struct({ partitionIndex: int32, partitionErrorCode: int16 })),
      }),
    ),
  }),
})
