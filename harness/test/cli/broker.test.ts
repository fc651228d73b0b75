import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../kafka/client/client.ts'
import { copyWorkbook, type Running, remove, runTool } from './run-tool.ts'

let root: string
beforeAll(() => {
  root = copyWorkbook()
})
afterAll(() => remove(root))

const SERVES = /node (\d+) serves at (\S+)/g
const hasKcat = spawnSync('kcat', ['-V']).error === undefined
if (!hasKcat) console.log('kcat is not installed: it is not tried against npm run broker -- serve')

/** Starts `broker serve`, does something with its addresses once all nodes are up, and interrupts it. */
async function serving(argv: string[], act: (addresses: string[]) => Promise<void>) {
  return runTool(root, ['broker', 'serve', '--port', '0', ...argv], {
    async during(running: Running) {
      await expect.poll(() => running.stdout, { timeout: 20_000 }).toContain('end it:')
      await act([...running.stdout.matchAll(SERVES)].map((match) => match[2] as string))
      running.kill('SIGINT')
    },
  })
}

async function refusal(...argv: string[]): Promise<string> {
  const { code, stderr, stdout } = await runTool(root, ['broker', ...argv])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  return stderr
}

// Windows has no such signals: there, a signal from outside ends a process at once.
describe.skipIf(process.platform === 'win32')('npm run broker -- serve', () => {
  test('serves one cluster from several nodes until it is interrupted', async () => {
    const argv = ['--nodes', '3', '--first-id', '5', '--set', 'num.partitions=2']
    argv.push('--topic', 'orders', '--topic', 'payments:3:2', '--wire')
    const run = await serving([...argv, '--set', 'auto.create.topics.enable=true'], async (addresses) => {
      expect(addresses).toHaveLength(3)
      const client = await connect(addresses[1] as string, { timeoutMs: 5000 })
      const { brokers } = await client.metadata([])
      const { topics } = await client.metadata(['orders', 'payments'])
      await client.metadata(['or ders'])
      client.close()
      expect(
        topics.map(({ partitions }) => partitions.map(({ replicaNodes }) => replicaNodes.length)),
      ).toEqual([
        [1, 1],
        [2, 2, 2],
      ])
      expect(brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`])).toEqual(
        addresses.map((address, index) => [5 + index, address]),
      )
    })
    expect(run).toMatchObject({ code: 130, stderr: '', filesLeft: [], processesLeft: [] })
    expect(run.stdout).toContain('topic payments, partitions: 3\n')
    expect(run.stdout).toMatch(/ {2}Metadata {2}topic or ders {2}-> INVALID_TOPIC_EXCEPTION\n/)
    expect(run.stdout).toMatch(/npm test 03 -- --broker 127\.0\.0\.1:\d+/)
  })

  test.skipIf(!hasKcat)('kcat lists it, produces to it and consumes from it', async () => {
    const settings = ['--set', 'num.partitions=2', '--set', 'auto.create.topics.enable=true']
    const run = await serving(['--nodes', '3', ...settings], async ([first, second, third]) => {
      const kcat = (address: string | undefined, argv: string[], input = '') => {
        const { stdout, stderr, status } = spawnSync('kcat', ['-b', `${address}`, ...argv], {
          input,
          encoding: 'utf8',
          timeout: 20_000,
        })
        expect(status, stderr).toBe(0)
        return stdout
      }
      kcat(first, ['-P', '-t', 'letters', '-p', '1'], 'a\nb\n')
      const listed = kcat(second, ['-L'])
      expect(listed).toContain('3 brokers:')
      expect(listed).toContain('topic "letters" with 2 partitions:')
      expect(kcat(third, ['-C', '-t', 'letters', '-e', '-q'])).toBe('a\nb\n')
    })
    expect(run.code).toBe(130)
  })

  test('says that a port is taken', async () => {
    await serving([], async ([address]) => {
      const port = address?.split(':')[1] as string
      expect(await refusal('serve', '--port', port)).toContain(`Port ${port} on 127.0.0.1 is taken.`)
    })
  })
})

describe('npm run broker refuses', () => {
  test.each([
    [['restart'], 'status, start, stop, logs, pull, clean, serve'],
    [['stop', 'container'], 'It can:'],
    [['start', 'embedded'], 'Choose container or jvm'],
    [['start', 'jvm', '--nodes', '6'], '1 to 5 nodes'],
    [['serve', '--nodes', '6'], '1 to 5 nodes'],
    [['serve', '--nodes', '3', '--port', '9092,9093'], '--port takes one port, or as many as'],
    [['serve', '--port', 'x'], 'not "x"'],
    [['serve', '--port', '70000'], 'not "70000"'],
    [['serve', '--nodes', '3', '--port', '65534'], 'not "65534"'],
    [['serve', '--host', '0.0.0.0'], '--advertise'],
    [['serve', '--topic', 'orders:many'], 'not "orders:many"'],
    [['serve', '--topic', 'orders:10001'], 'Excessively large number of partitions'],
    [['serve', '--topic', 'a', '--topic', 'a:2'], "Topic 'a' already exists."],
    [['serve', '--set', 'num.partitions'], 'NAME=VALUE'],
    [['serve', '--set', 'num.partition=2'], 'Did you mean num.partitions?'],
    [['serve', '--set', 'num.partitions=two'], 'Not a number of type INT'],
  ])('%j', async (argv, words) => {
    expect(await refusal(...argv)).toContain(words)
  })
})
