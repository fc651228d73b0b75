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
    return errorCode(errorInVersion(error.error, apiVersion, KNOWS_FENCED))
  }
}

/** An error in the words of a client that asked in `apiVersion`, where PRODUCER_FENCED came with version `knowsFenced`. */
export function errorInVersion(error: ErrorName, apiVersion: number, knowsFenced: number): ErrorName {
  return error === 'PRODUCER_FENCED' && apiVersion < knowsFenced ? 'INVALID_PRODUCER_EPOCH' : error
}
