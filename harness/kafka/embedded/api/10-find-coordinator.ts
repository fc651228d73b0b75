import { FindCoordinator } from '../../protocol/api/10-find-coordinator.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { MALFORMED_REQUEST } from '../refusal.ts'

const GROUP = 0
const TRANSACTION = 1

/**
 * FindCoordinator, versions 0 to 2. The one node coordinates every group and every transaction. A fresh Kafka answers
 * COORDINATOR_NOT_AVAILABLE for a moment, until its internal topic is there; this broker needs no such topic.
 */
export const findCoordinator = handler(FindCoordinator, [0, 2], ({ keyType }, { state, nodeId }) => {
  const node = state.nodes.find(({ id }) => id === nodeId)
  const isKnownType = keyType === GROUP || keyType === TRANSACTION
  if (!node || !isKnownType) {
    return { ...NOWHERE, errorCode: errorCode('INVALID_REQUEST'), errorMessage: MALFORMED_REQUEST }
  }
  return { ...NOWHERE, errorMessage: 'NONE', nodeId, host: node.host, port: node.port }
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
