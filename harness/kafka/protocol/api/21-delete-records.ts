import { api } from '../api.ts'
import { array, int16, int32, int64, string, struct } from '../codec.ts'

/**
 * Versions 0 to 2 (KIP-107). Version 1 brought throttling after the answer (KIP-219), 2 compact lengths (KIP-482).
 * `offset` -1 means the high watermark; `lowWatermark` is the new start of the log.
 */
export const DeleteRecords = api(21, 'DeleteRecords', [0, 2], {
  flexibleFrom: 2,
  request: struct({
    topics: array(
      struct({ name: string, partitions: array(struct({ partitionIndex: int32, offset: int64 })) }),
    ),
    timeoutMs: int32,
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        partitions: array(struct({ partitionIndex: int32, lowWatermark: int64, errorCode: int16 })),
      }),
    ),
  }),
})
