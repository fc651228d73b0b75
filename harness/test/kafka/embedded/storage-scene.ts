import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ListOffsets } from '../../../kafka/protocol/api/02-list-offsets.ts'
import { AlterConfigs } from '../../../kafka/protocol/api/33-alter-configs.ts'
import { readMarker } from '../../../kafka/protocol/control-batch.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import {
  type BatchContent,
  type NewRecord,
  readBatchHeader,
  readRecords,
  splitBatches,
  writeBatch,
} from '../../../kafka/protocol/record-batch.ts'
import { deleteHorizonOf } from '../../../kafka/protocol/retained-batch.ts'
import { configs, fetchFrom, produceTo } from './requests.ts'
import { type TransactionScene, transactionScene } from './transaction-scene.ts'

/** The tests of storage need a broker that looks after its logs often; the real one has to be started like this. */
const QUICK = { 'log.cleaner.backoff.ms': '100', 'log.retention.check.interval.ms': '200' }

/** The resource type of a topic (ConfigResource.Type). */
const TOPIC = 2

/** So far apart in the times of their records, two batches lie in two segments of the topics that these tests make. */
export const SEGMENT_MS = 60_000

/** `a=1` is a record, `a=` a tombstone, `=1` has no key. */
export function records(text: string, timestamp: number): NewRecord[] {
  return text.split(' ').map((one) => {
    const [key, value] = one.split('=') as [string, string]
    return {
      timestamp: BigInt(timestamp),
      key: key === '' ? null : Buffer.from(key),
      value: value === '' ? null : Buffer.from(value),
      headers: [],
    }
  })
}

export interface Sent extends Omit<BatchContent, 'records'> {
  transactionalId?: string | null
}

/** Logs of one partition as a reader of raw batches sees them, with requests to fill them. */
export async function storageScene() {
  const transactions: TransactionScene = await transactionScene(QUICK)
  const { client, topicWith } = transactions

  /** Sends one batch; resolves with its error and its first offset. */
  async function sendRecords(topic: string, text: string, timestamp: number, given: Sent = {}) {
    const { transactionalId = null, ...content } = given
    return sendBatch(topic, writeBatch({ ...content, records: records(text, timestamp) }), transactionalId)
  }

  /** An idempotent producer. A fresh Kafka has to fetch a block of ids first. */
  async function newProducer() {
    for (;;) {
      const { error, ...identity } = await transactions.tryInit(null)
      if (error === 'NONE') return identity
      if (error !== 'COORDINATOR_LOAD_IN_PROGRESS') throw new Error(`InitProducerId: ${error}`)
    }
  }

  async function sendBatch(topic: string, batch: Buffer, transactionalId: string | null = null) {
    const answer = await client.request(Produce, 8, { ...produceTo(topic, batch), transactionalId })
    const partition = answer.responses[0]?.partitionResponses[0]
    return { error: errorName(partition?.errorCode ?? -1), baseOffset: partition?.baseOffset }
  }

  async function fetch(topic: string, offset: bigint, isolationLevel: 0 | 1 = 0) {
    const body = fetchFrom(topic, offset, { isolationLevel, maxBytes: 50_000_000 })
    for (const one of body.topics)
      for (const partition of one.partitions) partition.partitionMaxBytes = 50_000_000
    const partition = (await client.request(Fetch, 11, body)).responses[0]?.partitions[0]
    if (!partition) throw new Error('an answer without partition')
    const batches = splitBatches(partition.records ?? Buffer.alloc(0))
    const aborted = partition.abortedTransactions?.map(({ firstOffset }) => firstOffset) ?? []
    return { ...partition, error: errorName(partition.errorCode), batches, aborted }
  }

  /** All batches from `from` to the end, one line each: `0-1 0:a=1 1:b=1`. */
  async function batches(topic: string, from?: bigint): Promise<string[]> {
    const found: Buffer[] = []
    let offset = from ?? (await list(topic, -2n)).offset
    for (;;) {
      const answer = await fetch(topic, offset)
      const last = answer.batches.at(-1)
      if (answer.error !== 'NONE') return [answer.error]
      if (!last) return found.map(showBatch)
      found.push(...answer.batches)
      offset = lastOffsetOf(last) + 1n
    }
  }

  async function list(topic: string, timestamp: bigint) {
    const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }]
    const body = { replicaId: -1, isolationLevel: 0, topics: [{ name: topic, partitions }] }
    const answer = (await client.request(ListOffsets, 7, body)).topics[0]?.partitions[0]
    if (!answer) throw new Error('an answer without partition')
    return { offset: answer.offset, timestamp: answer.timestamp, leaderEpoch: answer.leaderEpoch }
  }

  /** Replaces the settings of a topic. */
  async function configure(topic: string, values: Record<string, string>): Promise<void> {
    const resources = [{ resourceType: TOPIC, resourceName: topic, configs: configs(values) }]
    const answer = await client.request(AlterConfigs, 1, { resources, validateOnly: false })
    if (answer.responses[0]?.errorCode !== 0)
      throw new Error(`AlterConfigs: ${answer.responses[0]?.errorMessage}`)
  }

  return { ...transactions, topicWith, configure, newProducer, sendRecords, sendBatch, fetch, batches, list }
}

export type StorageScene = Awaited<ReturnType<typeof storageScene>>

function lastOffsetOf(batch: Buffer): bigint {
  const { baseOffset, lastOffsetDelta } = readBatchHeader(batch)
  return baseOffset + BigInt(lastOffsetDelta)
}

/** `4-5 4:a=1` for a batch that lost its second record; `7-7 commit horizon` for a marker that may go one day. */
export function showBatch(batch: Buffer): string {
  const header = readBatchHeader(batch)
  const marker = header.control && header.count > 0 ? [readMarker(batch) ?? '?'] : []
  const content = header.control ? marker : readRecords(batch).map(showRecord)
  const horizon = deleteHorizonOf(batch) === null ? [] : ['horizon']
  return [`${header.baseOffset}-${lastOffsetOf(batch)}`, ...content, ...horizon].join(' ')
}

function showRecord({ offset, key, value }: ReturnType<typeof readRecords>[number]): string {
  return `${offset}:${key ?? ''}=${value ?? ''}`
}
