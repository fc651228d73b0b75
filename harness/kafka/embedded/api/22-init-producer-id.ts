import { InitProducerId } from '../../protocol/api/22-init-producer-id.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { handler, type RequestContext } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/**
 * InitProducerId, versions 0 and 1: an id for an idempotent producer. Any broker gives one out, not only a coordinator.
 * A transactional id gets a fresh producer id each time: this broker has no transactions yet, so it fences nobody.
 */
export const initProducerId = handler(InitProducerId, [0, 1], (request, context) => {
  const { state } = context
  const { transactionalId, transactionTimeoutMs } = request
  const error = transactionalId === null ? 'NONE' : refuse(transactionalId, transactionTimeoutMs, context)
  const isRefused = error !== 'NONE'
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(error),
    producerId: isRefused ? -1n : state.producerIds.allocate(),
    producerEpoch: isRefused ? -1 : 0,
  }
})

/** TransactionCoordinator.handleInitProducerId. */
function refuse(transactionalId: string, timeoutMs: number, context: RequestContext): ErrorName {
  const { settings } = context.state
  if (transactionalId === '') return 'INVALID_REQUEST'
  const isTimeoutRight = timeoutMs > 0 && timeoutMs <= Number(settings['transaction.max.timeout.ms'])
  if (!isTimeoutRight) return 'INVALID_TRANSACTION_TIMEOUT'
  return isCoordinator(context, transactionalId) ? 'NONE' : 'NOT_COORDINATOR'
}
