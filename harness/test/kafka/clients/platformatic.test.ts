import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { freshName, testBroker } from '../test-broker.ts'
import { installedClient } from './installed-clients.ts'
import { run } from './program.ts'

/* @platformatic/kafka as it is, against the embedded broker, or the one of WORKBOOK_TEST_BROKER. */

const folder = ['node_modules', '@platformatic', 'kafka']
const client = installedClient('@platformatic/kafka', ...folder, 'dist', 'index.js')

test.skipIf(!client.canTest)(
  '@platformatic/kafka produces, consumes in a group of two, transacts and administers',
  { timeout: 60_000 },
  async () => {
    const broker = await testBroker()
    const program = fileURLToPath(new URL('platformatic.mjs', import.meta.url))
    const args = [program, broker.bootstrap, freshName(), pathToFileURL(client.file).href]
    const seen = JSON.parse(await run(process.execPath, args))
    await broker.close()
    expect(seen).toEqual({
      created: { name: expect.stringMatching(/-orders$/), partitions: 2, hasId: true },
      isListed: true,
      again: 'TOPIC_ALREADY_EXISTS',
      offsets: [0, 1, 2, 3],
      // The record of the transaction that was aborted is not among them.
      read: ['0:gzip', '0:lz4', '0:none', '0:snappy', '1:committed'],
      shared: [0, 1],
      state: 'STABLE',
      members: 1,
      // Two records and three markers came before.
      committed: [[1, 5]],
      groupIsListed: true,
      retention: '604800000',
      latest: 4,
      isGone: true,
    })
  },
)
