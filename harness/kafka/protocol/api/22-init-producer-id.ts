import { api } from '../api.ts'
import { int16, int32, int64, nullableString, since, struct } from '../codec.ts'

/**
 * Versions 0 to 4 (KIP-98). Version 1 brought throttling after the answer (KIP-219), 2 compact lengths (KIP-482),
 * 3 going on with the id and epoch that the producer has (KIP-360), 4 PRODUCER_FENCED (KIP-588).
 */
export const InitProducerId = api(22, 'InitProducerId', [0, 4], {
  flexibleFrom: 2,
  request: struct({
    transactionalId: nullableString,
    transactionTimeoutMs: int32,
    producerId: since(3, int64, -1n),
    producerEpoch: since(3, int16, -1),
  }),
  response: struct({ throttleTimeMs: int32, errorCode: int16, producerId: int64, producerEpoch: int16 }),
})
