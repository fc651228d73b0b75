import { HANDLERS } from '../../kafka/embedded/handlers.ts'
import { apiNamed } from '../../kafka/protocol/apis.ts'
import type { ErrorName } from '../../kafka/protocol/error-codes.ts'
import type { Step } from './transcript.ts'

/** The errors that clients know how to meet, and that a broker without authentication can answer. */
const WANTED: readonly ErrorName[] = [
  'NONE',
  'UNKNOWN_SERVER_ERROR',
  'OFFSET_OUT_OF_RANGE',
  'CORRUPT_MESSAGE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'MESSAGE_TOO_LARGE',
  'OFFSET_METADATA_TOO_LARGE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'INVALID_TOPIC_EXCEPTION',
  'RECORD_LIST_TOO_LARGE',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'INVALID_REQUIRED_ACKS',
  'ILLEGAL_GENERATION',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_GROUP_ID',
  'UNKNOWN_MEMBER_ID',
  'INVALID_SESSION_TIMEOUT',
  'REBALANCE_IN_PROGRESS',
  'INVALID_TIMESTAMP',
  'UNSUPPORTED_VERSION',
  'TOPIC_ALREADY_EXISTS',
  'INVALID_PARTITIONS',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_REPLICA_ASSIGNMENT',
  'INVALID_CONFIG',
  'NOT_CONTROLLER',
  'INVALID_REQUEST',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_TXN_STATE',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_TRANSACTION_TIMEOUT',
  'CONCURRENT_TRANSACTIONS',
  'SECURITY_DISABLED',
  'OPERATION_NOT_ATTEMPTED',
  'NON_EMPTY_GROUP',
  'GROUP_ID_NOT_FOUND',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'MEMBER_ID_REQUIRED',
  'GROUP_MAX_SIZE_REACHED',
  'FENCED_INSTANCE_ID',
  'NO_REASSIGNMENT_IN_PROGRESS',
  'INVALID_RECORD',
  'UNSTABLE_OFFSET_COMMIT',
  'PRODUCER_FENCED',
]

/** Errors that no sequence gets, and why. */
export const UNREACHABLE: Partial<Record<ErrorName, string>> = {
  REQUEST_TIMED_OUT: 'needs a follower that hangs without being fenced',
  COORDINATOR_LOAD_IN_PROGRESS: 'only for a moment, while a coordinator reads its partition',
  COORDINATOR_NOT_AVAILABLE: 'only for a moment, until a fresh cluster has made its internal topics',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'the in-sync replicas have to shrink between the append and its answer',
  NOT_CONTROLLER: 'a KRaft broker hands on to the controller what is meant for it',
  DUPLICATE_SEQUENCE_NUMBER:
    'Kafka answers a duplicate as if it were new, and OUT_OF_ORDER_SEQUENCE_NUMBER for older ones',
}

/** The transcripts of all sequences, by id. */
export type Transcripts = ReadonlyMap<string, readonly Step[]>

export interface ErrorCoverage {
  seen: ErrorName[]
  /** Wanted, but neither seen nor unreachable; or said to be unreachable, and seen. */
  wrong: string[]
}

export function errorCoverage(transcripts: Transcripts): ErrorCoverage {
  const names = new Set<unknown>()
  for (const steps of transcripts.values()) for (const { answer } of steps) gather(answer, names)
  const seen = WANTED.filter((name) => names.has(name))
  const missing = WANTED.filter((name) => !names.has(name) && UNREACHABLE[name] === undefined)
  const reached = WANTED.filter((name) => names.has(name) && UNREACHABLE[name] !== undefined)
  return {
    seen,
    wrong: [
      ...missing.map((name) => `${name} is in no answer`),
      ...reached.map((name) => `${name} is said to be unreachable, and a sequence gets it`),
    ],
  }
}

function gather(value: unknown, names: Set<unknown>): void {
  if (Array.isArray(value)) for (const one of value) gather(one, names)
  else if (value !== null && typeof value === 'object') {
    for (const [field, one] of Object.entries(value)) {
      if (/errorCode$/i.test(field)) names.add(one)
      else gather(one, names)
    }
  }
}

/** How many sequences use each API that the embedded broker serves. */
export function sequencesPerApi(transcripts: Transcripts): Map<string, number> {
  const counts = new Map(HANDLERS.map(({ api }) => [api.name, 0]))
  for (const steps of transcripts.values()) {
    for (const name of apisIn(steps)) if (counts.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** The names of the APIs that a transcript has answers of. */
export function apisIn(steps: readonly Step[]): Set<string> {
  const names = steps.map(({ request }) => / v\d+$/.exec(request) && request.split(' ')[0])
  return new Set(names.filter((name): name is string => !!name && apiNamed(name) !== undefined))
}
