import { FindCoordinator } from '../../protocol/api/10-find-coordinator.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { MALFORMED_REQUEST } from '../refusal.ts'

const GROUP = 0
const TRANSACTION = 1

/**
 * FindCoordinator, versions 0 to 2. Any node knows who coordinates a group or a transactional id. A fresh Kafka answers
 * COORDINATOR_NOT_AVAILABLE for a moment, until its internal topic is there; this broker needs no such topic.
 */
export const findCoordinator = handler(FindCoordinator, [0, 2], ({ key, keyType }, { state }) => {
  if (keyType !== GROUP && keyType !== TRANSACTION) {
    return { ...NOWHERE, errorCode: errorCode('INVALID_REQUEST'), errorMessage: MALFORMED_REQUEST }
  }
  const node = state.coordinators.of(key)
  if (!node) return { ...NOWHERE, errorCode: errorCode('COORDINATOR_NOT_AVAILABLE') }
  return { ...NOWHERE, errorMessage: 'NONE', nodeId: node.id, host: node.host, port: node.port }
})

const NOWHERE = {
  throttleTimeMs: 0,
  errorCode: 0,
  errorMessage: null,
  nodeId: -1,
  host: '',
  port: -1,
  coordinators: [],
}
