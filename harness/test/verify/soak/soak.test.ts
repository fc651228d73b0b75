import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { bundle } from '../../../bin/bundle.mjs'
import type { Holdings } from '../../../verify/soak/measure.ts'
import { SHORT, soak } from '../../../verify/soak/soak.ts'
import { soakTable } from '../../../verify/soak/soak-table.ts'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))

describe('the soak', () => {
  test('the embedded broker has everything back', { timeout: 120_000 }, async () => {
    const { dir } = await bundle(ROOT)
    const { lines, left } = soakTable(await soak(dir, SHORT, () => {}))
    expect(left, lines.join('\n')).toEqual([])
  })

  const idle: Holdings = {
    resources: { TCPServerWrap: 1, Timeout: 2 },
    topics: 0,
    groups: 0,
    heapBytes: 5_000_000,
    bufferBytes: 30_000,
  }

  test.each([
    ['a timer', { resources: { TCPServerWrap: 1, Timeout: 3 } }, 'Timeout'],
    ['a socket', { resources: { TCPServerWrap: 1, Timeout: 2, TCPSocketWrap: 1 } }, 'TCPSocketWrap'],
    ['a topic', { topics: 1 }, 'topics'],
    ['a group', { groups: 1 }, 'groups'],
    ['two MiB of objects', { heapBytes: 7_200_000 }, 'heap in MiB'],
    ['two MiB of records', { bufferBytes: 2_200_000 }, 'buffers in MiB'],
  ])('%s too many is told', (_, more, label) => {
    expect(soakTable({ before: idle, after: { ...idle, ...more } }).left).toEqual([label])
  })

  test('less than before is no leak', () => {
    const after = { ...idle, resources: { TCPServerWrap: 1, Timeout: 1 }, heapBytes: 4_000_000 }
    expect(soakTable({ before: idle, after }).left).toEqual([])
  })
})
