import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { errorCoverage, sequencesPerApi } from '../../../verify/parity/coverage.ts'
import { notImplementedEntries } from '../../../verify/parity/not-implemented.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const transcripts = (...answers: unknown[]) =>
  new Map(answers.map((answer, index) => [`s/${index}`, [{ request: 'Produce v8', answer }]]))

describe('the errors that are covered', () => {
  test('are looked for in every depth of the answers', () => {
    const { seen, wrong } = errorCoverage(
      transcripts({
        errorCode: 'NONE',
        topics: [{ partitions: [{ partitionErrorCode: 'INVALID_RECORD' }] }],
      }),
    )
    expect(seen).toEqual(['NONE', 'INVALID_RECORD'])
    expect(wrong).toContain('CORRUPT_MESSAGE is in no answer')
  })

  test('may not be both seen and unreachable', () => {
    const { wrong } = errorCoverage(transcripts({ errorCode: 'NOT_CONTROLLER' }))
    expect(wrong).toContain('NOT_CONTROLLER is said to be unreachable, and a sequence gets it')
  })
})

test('an API counts once in each sequence that uses it', () => {
  const counts = sequencesPerApi(transcripts({}, {}))
  expect(counts.get('Produce')).toBe(2)
  expect(counts.get('Fetch')).toBe(0)
})

test('entries of NOT-IMPLEMENTED.md are found by key, by range and by number', () => {
  const entries = notImplementedEntries(root)
  for (const entry of ['0', '28', '30', 'nodes 1']) expect(entries).toContain(entry)
  expect(entries).not.toContain('API')
})
