import { InitProducerId } from '../../protocol/api/22-init-producer-id.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler, type RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import type { ProducerIdentity } from '../transaction.ts'
import { errorInVersion } from '../transaction-error.ts'
import { isCoordinator } from '../wrong-node.ts'

type Request = RequestOf<typeof InitProducerId>

/** The version that brought PRODUCER_FENCED (KIP-588). */
const KNOWS_FENCED = 4

/**
 * InitProducerId, versions 0 to 4: an id for an idempotent producer, a fresh one each time; or the id that belongs to a
 * transactional id, with an epoch that fences whoever used it before (TransactionCoordinator.handleInitProducerId). From
 * version 3 on a producer may name the id and epoch that it has, to go on after an error; it is refused when somebody else
 * has taken its place meanwhile (KIP-360).
 */
export const initProducerId = handler(InitProducerId, [0, 4], (request, context) => {
  try {
    return { throttleTimeMs: 0, errorCode: 0, ...identityFor(request, context) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const name = errorInVersion(error.error, context.apiVersion, KNOWS_FENCED)
    return { throttleTimeMs: 0, errorCode: errorCode(name), producerId: -1n, producerEpoch: -1 }
  }
})

function identityFor(request: Request, context: RequestContext): ProducerIdentity {
  const { state } = context
  const { transactionalId, transactionTimeoutMs: timeoutMs } = request
  const current = currentOf(request)
  if (transactionalId === null) return { producerId: state.producerIds.allocate(), producerEpoch: 0 }
  const starting = { transactionalId, timeoutMs, current }
  return state.transactions.initProducer(starting, isCoordinator(context, transactionalId))
}

/** The identity that the producer says it has; null when it says none. */
function currentOf({ producerId, producerEpoch }: Request): ProducerIdentity | null {
  if ((producerId === -1n) !== (producerEpoch === -1)) throw new Refusal('INVALID_REQUEST')
  return producerId === -1n ? null : { producerId, producerEpoch }
}
