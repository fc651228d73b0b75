import { InitProducerId } from '../protocol/api/22-init-producer-id.ts'
import { AddPartitionsToTxn } from '../protocol/api/24-add-partitions-to-txn.ts'
import { AddOffsetsToTxn } from '../protocol/api/25-add-offsets-to-txn.ts'
import { EndTxn } from '../protocol/api/26-end-txn.ts'
import { outcome, parts, type Teller, telling } from './telling.ts'

const initProducerId = telling(InitProducerId, (request, response, exchange) => [
  parts(
    request.transactionalId !== null && `transactional id ${request.transactionalId}`,
    response?.errorCode === 0 && `-> producer ${response.producerId} epoch ${response.producerEpoch}`,
    outcome(exchange, response?.errorCode),
  ),
])

const endTxn = telling(EndTxn, (request, response, exchange) => [
  parts(
    `transactional id ${request.transactionalId}`,
    request.committed ? 'commit' : 'abort',
    outcome(exchange, response?.errorCode),
  ),
])

const addPartitionsToTxn = telling(AddPartitionsToTxn, (request, response, exchange) =>
  request.v3AndBelowTopics.map(({ name, partitions }) => {
    const results = response?.resultsByTopicV3AndBelow.find((one) => one.name === name)?.resultsByPartition
    const failed = results?.find(({ partitionErrorCode }) => partitionErrorCode !== 0)
    return parts(
      `transactional id ${request.v3AndBelowTransactionalId}`,
      `${name} [${partitions.join(',')}]`,
      outcome(exchange, failed?.partitionErrorCode),
    )
  }),
)

const addOffsetsToTxn = telling(AddOffsetsToTxn, (request, response, exchange) => [
  parts(
    `transactional id ${request.transactionalId}`,
    `group ${request.groupId}`,
    outcome(exchange, response?.errorCode),
  ),
])

/** What happens to producer ids and transactions. */
export const transactionTellers: Teller[] = [initProducerId, addPartitionsToTxn, addOffsetsToTxn, endTxn]
