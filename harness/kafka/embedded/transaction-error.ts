import { type ErrorName, errorCode } from '../protocol/error-codes.ts'
import { Refusal } from './refusal.ts'

/** The version of AddPartitionsToTxn, AddOffsetsToTxn and EndTxn that brought PRODUCER_FENCED (KIP-588). */
const KNOWS_FENCED = 2

/** The error code of `action` for a client that asked in this version; older clients know only INVALID_PRODUCER_EPOCH. */
export function transactionError(apiVersion: number, action: () => void): number {
  try {
    action()
    return 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return errorCode(inVersion(apiVersion, error.error))
  }
}

function inVersion(apiVersion: number, error: ErrorName): ErrorName {
  return error === 'PRODUCER_FENCED' && apiVersion < KNOWS_FENCED ? 'INVALID_PRODUCER_EPOCH' : error
}
