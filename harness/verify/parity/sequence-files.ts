import type { SequenceFile } from './sequence.ts'
import { produceSequences } from './sequences/00-produce.ts'
import { fetchSequences } from './sequences/01-fetch.ts'
import { listOffsetsSequences } from './sequences/02-list-offsets.ts'
import { metadataSequences } from './sequences/03-metadata.ts'

/** Every sequence, by file, in the order of the API keys. */
export const SEQUENCE_FILES: readonly SequenceFile[] = [
  produceSequences,
  fetchSequences,
  listOffsetsSequences,
  metadataSequences,
]
