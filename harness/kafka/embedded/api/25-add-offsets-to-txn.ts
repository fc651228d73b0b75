import { AddOffsetsToTxn } from '../../protocol/api/25-add-offsets-to-txn.ts'
import { handler } from '../handler.ts'
import { transactionError } from '../transaction-error.ts'
import { checkCoordinator } from '../wrong-node.ts'

/** Says that offsets of a group will be committed with a transaction, as TxnOffsetCommit does then. */
export const addOffsetsToTxn = handler(AddOffsetsToTxn, [0, 3], (request, context) => {
  const { state, apiVersion } = context
  const { groupId, ...producer } = request
  const add = () => {
    checkCoordinator(context, producer.transactionalId)
    state.transactions.addGroup(producer, groupId)
  }
  return { throttleTimeMs: 0, errorCode: transactionError(apiVersion, add) }
})
