import { EndTxn } from '../../protocol/api/26-end-txn.ts'
import { handler } from '../handler.ts'
import { transactionError } from '../transaction-error.ts'
import { checkCoordinator } from '../wrong-node.ts'

/** Commits or aborts a transaction. */
export const endTxn = handler(EndTxn, [0, 3], ({ committed, ...producer }, context) => {
  const { state, apiVersion } = context
  const end = () => {
    checkCoordinator(context, producer.transactionalId)
    state.transactions.end(producer, committed ? 'commit' : 'abort')
  }
  return { throttleTimeMs: 0, errorCode: transactionError(apiVersion, end) }
})
