import { api } from '../api.ts'
import { int16, int32, int64, string, struct } from '../codec.ts'

/**
 * Versions 0 to 3 (KIP-98). Version 1 brought throttling after the answer (KIP-219), 2 PRODUCER_FENCED (KIP-588),
 * 3 compact lengths (KIP-482).
 */
export const AddOffsetsToTxn = api(25, 'AddOffsetsToTxn', [0, 3], {
  flexibleFrom: 3,
  request: struct({ transactionalId: string, producerId: int64, producerEpoch: int16, groupId: string }),
  response: struct({ throttleTimeMs: int32, errorCode: int16 }),
})
