import { Produce } from '../protocol/api/00-produce.ts'
import { CreateTopics } from '../protocol/api/19-create-topics.ts'
import { CreatePartitions } from '../protocol/api/37-create-partitions.ts'
import type { RequestOf } from '../protocol/api.ts'
import { errorCode } from '../protocol/error-codes.ts'
import type { Strike } from './faults.ts'
import type { OpenedRequest } from './open-frame.ts'
import { refusalOf } from './refusals.ts'

/** Each is several times what any exercise needs. */
const MOST_PARTITIONS = 300
const MOST_BYTES = 64 * 1024 * 1024

/**
 * How much of a broker the answers of one check may take: so many partitions, asked for in one request or in many, and so many bytes
 * of records. What goes beyond is refused with POLICY_VIOLATION, as by a Kafka with a CreateTopicPolicy.
 */
export class Allowance {
  #partitions = 0
  #bytes = 0

  /** What stops a request that asks for more than is left; the others are counted. */
  stop(request: OpenedRequest): Strike | null {
    const partitions = this.#partitions + partitionsAskedFor(request)
    const bytes = this.#bytes + bytesSent(request)
    if (partitions > MOST_PARTITIONS) return refuse(request, `more than ${MOST_PARTITIONS} partitions`)
    if (bytes > MOST_BYTES) return refuse(request, `more than ${MOST_BYTES} bytes of records`)
    this.#partitions = partitions
    this.#bytes = bytes
    return null
  }
}

function partitionsAskedFor({ api, body }: OpenedRequest): number {
  switch (api?.key) {
    case CreateTopics.key: {
      const { topics } = body as RequestOf<typeof CreateTopics>
      // -1 leaves the number to the broker.
      return sum(topics.map((one) => Math.max(one.numPartitions, one.assignments.length, 1)))
    }
    case CreatePartitions.key:
      return sum((body as RequestOf<typeof CreatePartitions>).topics.map(({ count }) => Math.max(count, 1)))
    default:
      return 0
  }
}

function bytesSent({ api, body }: OpenedRequest): number {
  if (api?.key !== Produce.key) return 0
  const { topicData } = body as RequestOf<typeof Produce>
  return sum(
    topicData.flatMap(({ partitionData }) => partitionData.map(({ records }) => records?.length ?? 0)),
  )
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function refuse({ api, body }: OpenedRequest, what: string): Strike {
  const answer = api && refusalOf(api)?.(body, errorCode('POLICY_VIOLATION'))
  return { delayMs: 0, drop: false, cutAnswer: false, answer, words: `refused: ${what} in one check` }
}
