import { api } from '../api.ts'
import {
  array,
  int8,
  int16,
  int32,
  int64,
  nullableArray,
  nullableBytes,
  since,
  string,
  struct,
  until,
  uuid,
} from '../codec.ts'

/**
 * Versions 4 to 13. Version 4 brought record batches v2, the isolation level and aborted transactions (KIP-98), 5 the log
 * start offset (KIP-107), 7 fetch sessions (KIP-227), 8 throttling after the answer (KIP-219), 9 the leader epoch
 * (KIP-320), 10 zstd (KIP-110), 11 the rack and the preferred replica (KIP-392), 12 compact lengths (KIP-482) and
 * the epoch of the last fetched record (KIP-595), 13 ids in the place of topic names (KIP-516). `records` is a run of record batches; the last may be cut short.
 */
export const Fetch = api(1, 'Fetch', [4, 13], {
  flexibleFrom: 12,
  request: struct({
    replicaId: int32,
    maxWaitMs: int32,
    minBytes: int32,
    maxBytes: int32,
    isolationLevel: int8,
    sessionId: since(7, int32),
    sessionEpoch: since(7, int32, -1),
    topics: array(
      struct({
        topic: until(12, string),
        topicId: since(13, uuid),
        partitions: array(
          struct({
            partition: int32,
            currentLeaderEpoch: since(9, int32, -1),
            fetchOffset: int64,
            lastFetchedEpoch: since(12, int32, -1),
            logStartOffset: since(5, int64, -1n),
            partitionMaxBytes: int32,
          }),
        ),
      }),
    ),
    forgottenTopicsData: since(
      7,
      array(struct({ topic: until(12, string), topicId: since(13, uuid), partitions: array(int32) })),
    ),
    rackId: since(11, string),
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: since(7, int16),
    sessionId: since(7, int32),
    responses: array(
      struct({
        topic: until(12, string),
        topicId: since(13, uuid),
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            highWatermark: int64,
            lastStableOffset: int64,
            logStartOffset: since(5, int64, -1n),
            abortedTransactions: nullableArray(struct({ producerId: int64, firstOffset: int64 })),
            preferredReadReplica: since(11, int32, -1),
            records: nullableBytes,
          }),
        ),
      }),
    ),
  }),
})
