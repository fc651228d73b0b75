import { MalformedError, Reader } from './reader.ts'
import { readRecords, writeBatch } from './record-batch.ts'
import { Writer } from './writer.ts'

/** How a transaction ended, with the code of org.apache.kafka.common.record.ControlRecordType. */
const MARKERS = { abort: 0, commit: 1 } as const

export type Marker = keyof typeof MARKERS

/** What a marker needs to know about its transaction. `timestamp` is milliseconds since 1970. */
export interface MarkerContent {
  marker: Marker
  producerId: bigint
  producerEpoch: number
  coordinatorEpoch: number
  timestamp: bigint
}

/** The control batch that ends a transaction in one partition (KIP-98). It takes one offset of the log. */
export function writeMarker(content: MarkerContent): Buffer {
  const key = new Writer()
  key.int16(0) // version
  key.int16(MARKERS[content.marker])
  const value = new Writer()
  value.int16(0) // version
  value.int32(content.coordinatorEpoch)
  return writeBatch({
    records: [{ timestamp: content.timestamp, key: key.bytes(), value: value.bytes(), headers: [] }],
    producerId: content.producerId,
    producerEpoch: content.producerEpoch,
    transactional: true,
    control: true,
  })
}

/** How the transaction ended that this control batch closes; null for a control batch of another kind. */
export function readMarker(batch: Buffer): Marker | null {
  const [record] = readRecords(batch)
  if (!record?.key) throw new MalformedError('control batch without a key')
  const key = new Reader(record.key)
  key.int16() // version
  const type = key.int16()
  if (type === MARKERS.commit) return 'commit'
  return type === MARKERS.abort ? 'abort' : null
}
