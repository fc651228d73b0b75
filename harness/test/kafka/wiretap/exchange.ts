import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import type { Api, RequestOf, ResponseOf } from '../../../kafka/protocol/api.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import type { Exchange } from '../../../kafka/wiretap/journal.ts'

/** An exchange as the wiretap would have noted it; what is not given is empty. */
export function exchangeOf<Request, Response>(
  api: Api<Request, Response>,
  request: Partial<Request>,
  response: Partial<Response> | null,
  more: Partial<Exchange> = {},
): Exchange {
  return {
    number: 1,
    lane: 'one',
    connection: 1,
    clientId: 'test',
    api: api.name,
    version: api.versions[1],
    requestAtMs: 0,
    request: { ...api.request.absent, ...request },
    response: response && { ...api.response.absent, ...response },
    responseAtMs: response && 1,
    fault: null,
    ...more,
  }
}

export interface Sent {
  key?: string | null
  value: string | Buffer | null
  headers?: [string, Buffer | null][]
}

/** A Produce to partition 2 of `orders` with these records, and its answer; `errorCode` 0 gives offsets from 40 on. */
export function produceOf(
  sent: Sent[],
  errorCode: number | null = 0,
  options: { acks?: number; compression?: 'gzip'; transactional?: boolean } = {},
): Exchange {
  const { acks = -1, ...batch } = options
  const bytes = (text: string | Buffer | null) => (typeof text === 'string' ? Buffer.from(text) : text)
  const records = writeBatch({
    ...batch,
    records: sent.map(({ key = null, value, headers = [] }) => ({
      timestamp: 1_000n,
      key: bytes(key),
      value: bytes(value),
      headers,
    })),
  })
  const request: Partial<RequestOf<typeof Produce>> = {
    acks,
    topicData: [{ name: 'orders', partitionData: [{ index: 2, records }] }],
  }
  const partition = { index: 2, errorCode: errorCode ?? 0, baseOffset: errorCode === 0 ? 40n : -1n }
  const rest = { logAppendTimeMs: -1n, logStartOffset: -1n, recordErrors: [], errorMessage: null }
  const response: Partial<ResponseOf<typeof Produce>> = {
    responses: [{ name: 'orders', partitionResponses: [{ ...partition, ...rest }] }],
  }
  return exchangeOf(Produce, request, errorCode === null ? null : response)
}
