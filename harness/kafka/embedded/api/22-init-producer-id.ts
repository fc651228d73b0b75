import { InitProducerId } from '../../protocol/api/22-init-producer-id.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { isCoordinator } from '../wrong-node.ts'

/**
 * InitProducerId, versions 0 and 1: an id for an idempotent producer, a fresh one each time; or the id that belongs to a
 * transactional id, with an epoch that fences whoever used it before (TransactionCoordinator.handleInitProducerId).
 */
export const initProducerId = handler(InitProducerId, [0, 1], (request, context) => {
  const { state } = context
  const { transactionalId, transactionTimeoutMs } = request
  try {
    const identity =
      transactionalId === null
        ? { producerId: state.producerIds.allocate(), producerEpoch: 0 }
        : state.transactions.initProducer(
            transactionalId,
            transactionTimeoutMs,
            isCoordinator(context, transactionalId),
          )
    return { throttleTimeMs: 0, errorCode: 0, ...identity }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { throttleTimeMs: 0, errorCode: errorCode(error.error), producerId: -1n, producerEpoch: -1 }
  }
})
