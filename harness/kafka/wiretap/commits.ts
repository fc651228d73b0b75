import { OffsetCommit } from '../protocol/api/08-offset-commit.ts'
import { TxnOffsetCommit } from '../protocol/api/28-txn-offset-commit.ts'
import type { RequestOf, ResponseOf } from '../protocol/api.ts'
import { errorName } from '../protocol/error-codes.ts'
import type { Commit, Exchange } from './journal.ts'

/** Every partition of every commit, in order; those of a transaction count when it commits, which is not looked at here. */
export function committedPartitions(journal: readonly Exchange[]): Commit[] {
  return journal.flatMap(commitsOf)
}

/** The two requests have the same fields where it matters. */
type CommitRequest = RequestOf<typeof OffsetCommit> | RequestOf<typeof TxnOffsetCommit>
type CommitResponse = ResponseOf<typeof OffsetCommit>

function commitsOf(exchange: Exchange): Commit[] {
  const isCommit = exchange.api === OffsetCommit.name || exchange.api === TxnOffsetCommit.name
  if (!isCommit || exchange.request === null) return []
  const request = exchange.request as CommitRequest
  const response = exchange.response as CommitResponse | null
  return request.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset }) => {
      const code = response?.topics
        .find((topic) => topic.name === name)
        ?.partitions.find((partition) => partition.partitionIndex === partitionIndex)?.errorCode
      return {
        exchange,
        group: request.groupId,
        topic: name,
        partition: partitionIndex,
        offset: committedOffset,
        error: code ? errorName(code) : null,
        answered: response !== null,
      }
    }),
  )
}
