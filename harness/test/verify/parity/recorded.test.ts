import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALLOWED } from '../../../verify/parity/allowed.ts'
import { type Contestant, startOurs } from '../../../verify/parity/brokers.ts'
import { showDifference } from '../../../verify/parity/compare.ts'
import { notImplementedEntries } from '../../../verify/parity/not-implemented.ts'
import {
  chooseSequences,
  joinRuns,
  playOn,
  type Report,
  type Run,
  readRecordings,
  report,
} from '../../../verify/parity/parity.ts'
import { byNodes } from '../../../verify/parity/sequence.ts'
import { SEQUENCE_FILES } from '../../../verify/parity/sequence-files.ts'
import { UNORDERED } from '../../../verify/parity/unordered.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const entries = notImplementedEntries(root)
const sequences = chooseSequences(SEQUENCE_FILES, [])

describe('the embedded broker and the recorded Kafka', () => {
  const brokers: Contestant[] = []
  let found: Report

  beforeAll(async () => {
    const runs: Run[] = []
    for (const [nodes, some] of byNodes(sequences)) {
      const broker = await startOurs({ nodes })
      brokers.push(broker)
      runs.push(await playOn(broker.target, some))
    }
    const { transcripts } = readRecordings(root, SEQUENCE_FILES)
    found = report(joinRuns(runs), transcripts, sequences, { isWhole: true, entries })
  }, 120_000)

  afterAll(async () => {
    for (const broker of brokers) await broker.stop()
  })

  test('answer alike, but for what NOT-IMPLEMENTED.md tells', () => {
    expect(found.left.map(showDifference)).toEqual([])
    expect(found.problems).toEqual([])
  })

  test('are asked enough', () => {
    expect(sequences.length).toBeGreaterThanOrEqual(200)
    expect(new Set(sequences.map(({ id }) => id)).size).toBe(sequences.length)
  })
})

test('every allowance names an entry of NOT-IMPLEMENTED.md', () => {
  for (const { entry } of [...ALLOWED, ...UNORDERED]) expect(entries).toContain(entry)
})

test('every title is one sentence', () => {
  for (const { title } of sequences) expect(title).toMatch(/^[^a-z].*\.$/)
})

describe('the choice of sequences', () => {
  const ids = (...words: string[]) => chooseSequences(SEQUENCE_FILES, words).map(({ id }) => id)

  test('takes an id, a beginning, a file or an API key', () => {
    expect(ids('produce/acks-1')).toEqual(['produce/acks-1'])
    expect(ids('1')).toEqual(ids('01-fetch'))
    expect(ids('fetch/long-poll').length).toBeGreaterThan(3)
  })

  test('refuses a word that chooses nothing', () => {
    expect(() => ids('no-such')).toThrow('There is no sequence no-such.')
  })
})
