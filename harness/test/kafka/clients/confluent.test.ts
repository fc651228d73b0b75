import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { freshName, testBroker } from '../test-broker.ts'
import { installedClient } from './installed-clients.ts'
import { run } from './program.ts'

/* Python's confluent-kafka (librdkafka) as it is, against the embedded broker, or the one of WORKBOOK_TEST_BROKER. */

const python = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']
const client = installedClient('confluent-kafka', 'python', ...python)

test.skipIf(!client.canTest)(
  'confluent-kafka produces with every codec, consumes in a group of two, transacts and administers',
  { timeout: 60_000 },
  async () => {
    const broker = await testBroker()
    const program = fileURLToPath(new URL('confluent.py', import.meta.url))
    const seen = JSON.parse(await run(client.file, [program, broker.bootstrap, freshName()]))
    await broker.close()
    expect(seen).toEqual({
      again: 'TOPIC_ALREADY_EXISTS',
      retention: '60000',
      delivered: true,
      // Of each codec; then of the two transactions.
      read: [20, 20, 20, 20, 20],
      transaction: ['committed'],
      // What the open transaction commits is not to be seen.
      pending: [],
      committed: [
        [0, 100],
        [1, 1],
      ],
      shared: [0, 1],
      state: 'STABLE',
      latest: 100,
      groups: [expect.stringMatching(/-group$/)],
      moved: 7,
      watermarks: [50, 100],
    })
  },
)
