import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { HANDLERS } from '../../../kafka/embedded/handlers.ts'
import { allMutants } from '../../../verify/parity/mutants.ts'
import { noticed } from '../../../verify/parity/mutation-run.ts'
import { chooseSequences, readRecordings } from '../../../verify/parity/parity.ts'
import { SEQUENCE_FILES } from '../../../verify/parity/sequence-files.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

describe('the mutants', () => {
  test('every handler has one, at the least', () => {
    const mutated = new Set(allMutants().map(({ api }) => api))
    expect([...mutated].sort()).toEqual(HANDLERS.map(({ api }) => api.name).sort())
  })

  test('a broker that answers another offset is noticed, the right broker is not', async () => {
    const { transcripts } = readRecordings(root, SEQUENCE_FILES)
    const sequences = chooseSequences(SEQUENCE_FILES, ['produce/acks-1'])
    const mutant = allMutants().find(({ name }) => name.includes('baseOffset'))
    if (!mutant) throw new Error('no mutant changes baseOffset')
    expect(await noticed(mutant, sequences, transcripts)).toBe(true)
    expect(await noticed({ ...mutant, handlers: HANDLERS }, sequences, transcripts)).toBe(false)
  })
})
