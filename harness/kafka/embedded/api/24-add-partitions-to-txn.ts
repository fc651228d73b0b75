import { AddPartitionsToTxn } from '../../protocol/api/24-add-partitions-to-txn.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { transactionError } from '../transaction-error.ts'
import { checkCoordinator } from '../wrong-node.ts'

/**
 * Puts partitions into a transaction, all or none: when one does not exist, the others are answered with
 * OPERATION_NOT_ATTEMPTED (KafkaApis.handleAddPartitionsToTxnRequest).
 */
export const addPartitionsToTxn = handler(AddPartitionsToTxn, [0, 3], (request, context) => {
  const { state, apiVersion } = context
  const asked = request.v3AndBelowTopics.map(({ name, partitions }) => ({ topic: name, partitions }))
  const exists = (topic: string, index: number) => state.topics.partition(topic, index) !== undefined
  const allExist = asked.every(({ topic, partitions }) => partitions.every((index) => exists(topic, index)))

  const codeForAll = allExist ? transactionError(apiVersion, add) : errorCode('OPERATION_NOT_ATTEMPTED')

  function add(): void {
    const producer = {
      transactionalId: request.v3AndBelowTransactionalId,
      producerId: request.v3AndBelowProducerId,
      producerEpoch: request.v3AndBelowProducerEpoch,
    }
    checkCoordinator(context, producer.transactionalId)
    state.transactions.addPartitions(producer, asked)
  }

  return {
    throttleTimeMs: 0,
    resultsByTopicV3AndBelow: asked.map(({ topic, partitions }) => ({
      name: topic,
      resultsByPartition: partitions.map((partitionIndex) => ({
        partitionIndex,
        partitionErrorCode: exists(topic, partitionIndex)
          ? codeForAll
          : errorCode('UNKNOWN_TOPIC_OR_PARTITION'),
      })),
    })),
  }
})
