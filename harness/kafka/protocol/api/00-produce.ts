import { api } from '../api.ts'
import { array, int16, int32, int64, nullableBytes, nullableString, since, string, struct } from '../codec.ts'

/**
 * Versions 3 to 9. Version 3 brought record batches v2 and the transactional id (KIP-98), 4 a new error code (KIP-112),
 * 5 the log start offset, 6 throttling after the answer (KIP-219), 7 zstd (KIP-110), 8 errors per record (KIP-467),
 * 9 compact lengths (KIP-482). `records` is one record batch, kept as bytes: see record-batch.ts.
 */
export const Produce = api(0, 'Produce', [3, 9], {
  flexibleFrom: 9,
  request: struct({
    transactionalId: nullableString,
    acks: int16,
    timeoutMs: int32,
    topicData: array(
      struct({
        name: string,
        partitionData: array(struct({ index: int32, records: nullableBytes })),
      }),
    ),
  }),
  response: struct({
    responses: array(
      struct({
        name: string,
        partitionResponses: array(
          struct({
            index: int32,
            errorCode: int16,
            baseOffset: int64,
            logAppendTimeMs: int64,
            logStartOffset: since(5, int64, -1n),
            recordErrors: since(
              8,
              array(struct({ batchIndex: int32, batchIndexErrorMessage: nullableString })),
            ),
            errorMessage: since(8, nullableString),
          }),
        ),
      }),
    ),
    throttleTimeMs: int32,
  }),
})
