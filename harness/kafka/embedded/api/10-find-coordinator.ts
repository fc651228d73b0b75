import { FindCoordinator } from '../../protocol/api/10-find-coordinator.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { MALFORMED_REQUEST } from '../refusal.ts'
import type { State } from '../state.ts'

type Response = ResponseOf<typeof FindCoordinator>
type Found = Omit<Response['coordinators'][number], 'key'>

const GROUP = 0
const TRANSACTION = 1
/** From this version on several keys come in one request (KIP-699). */
const SEVERAL_KEYS_FROM = 4

/**
 * FindCoordinator, versions 0 to 4. Any node knows who coordinates a group or a transactional id. A fresh Kafka answers
 * COORDINATOR_NOT_AVAILABLE for a moment, until its internal topic is there; this broker needs no such topic.
 */
export const findCoordinator = handler(FindCoordinator, [0, 4], (request, { state, apiVersion }) => {
  const { key, keyType, coordinatorKeys } = request
  if (apiVersion >= SEVERAL_KEYS_FROM) {
    const coordinators = coordinatorKeys.map((one) => ({ key: one, ...find(one, keyType, state) }))
    return { ...FindCoordinator.response.absent, coordinators }
  }
  const found = find(key, keyType, state)
  const errorMessage = found.errorMessage || (found.errorCode === 0 ? 'NONE' : NOT_AVAILABLE)
  return { throttleTimeMs: 0, ...found, errorMessage, coordinators: [] }
})

/** Kafka's words for COORDINATOR_NOT_AVAILABLE; where it answers several keys it says nothing. */
const NOT_AVAILABLE = 'The coordinator is not available.'

function find(key: string, keyType: number, { coordinators }: State): Found {
  if (keyType !== GROUP && keyType !== TRANSACTION) {
    return { ...NOWHERE, errorCode: errorCode('INVALID_REQUEST'), errorMessage: MALFORMED_REQUEST }
  }
  const node = coordinators.of(key)
  if (!node) return { ...NOWHERE, errorCode: errorCode('COORDINATOR_NOT_AVAILABLE') }
  return { nodeId: node.id, host: node.host, port: node.port, errorCode: 0, errorMessage: '' }
}

const NOWHERE = { nodeId: -1, host: '', port: -1, errorCode: 0, errorMessage: '' }
