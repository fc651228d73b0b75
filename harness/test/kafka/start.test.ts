import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import type { Broker } from '../../kafka/broker.ts'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { startBroker } from '../../kafka/start.ts'
import { fakeEngine } from './fake-engine.ts'

const STANDING = { kind: 'container', nodes: ['c1'], version: '4.3.1' }
let root: string

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'start-'))
  // No engine, unless a test says otherwise.
  vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:9')
})

afterEach(() => {
  vi.unstubAllEnvs()
  fs.rmSync(root, { recursive: true, force: true })
})

async function start(spec: string | undefined): Promise<Broker> {
  const broker = await startBroker(spec, { root, onProgress: () => {} })
  onTestFinished(() => broker.stop())
  return broker
}

/** The error that a learner gets, as message and hint. */
async function refusal(spec: string): Promise<string> {
  const error = await startBroker(spec, { root, onProgress: () => {} }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(WorkbookError)
  const { message, hint } = error as WorkbookError
  return `${message}\n${hint}`
}

async function listen(server: net.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

async function imageMissing() {
  const fake = await fakeEngine({ 'GET /_ping': { status: 200 } })
  onTestFinished(fake.close)
  vi.stubEnv('DOCKER_HOST', fake.dockerHost)
}

test('embedded starts the embedded broker, without a word', async () => {
  expect(await start('embedded')).toMatchObject({ kind: 'embedded', version: '4.x', note: null })
})

test.each([undefined, 'auto'])(
  '%s takes the embedded broker where no engine answers, and says so',
  async (spec) => {
    const { kind, note } = await start(spec)
    expect(kind).toBe('embedded')
    expect(note).toBe('No container engine answers on this machine. Using the embedded Kafka instead.')
  },
)

test('auto takes the embedded broker where the image is missing, and says so', async () => {
  await imageMissing()
  const { kind, note } = await start('auto')
  expect(kind).toBe('embedded')
  expect(note).toBe('The image apache/kafka:4.3.1 is not on this machine. Using the embedded Kafka instead.')
})

test('auto uses the container that the broker file names, when it answers', async () => {
  const kafka = await startEmbedded()
  onTestFinished(kafka.close)
  const startedAt = new Date().toISOString()
  writeBrokerFile({ ...STANDING, bootstrap: kafka.bootstrap, startedAt })
  expect(await start('auto')).toMatchObject({
    kind: 'container',
    version: '4.3.1',
    bootstrap: kafka.bootstrap,
  })
})

test.each([
  ['is older than two hours', { startedAt: new Date(Date.now() - 2 * 60 * 60 * 1000 - 1).toISOString() }],
  ['has no date', { startedAt: 'yesterday' }],
  ['is another version', { version: '4.0.0' }],
  ['has another number of nodes', { nodes: ['c1', 'c2'] }],
])('the container is not used again when it %s', async (_, changed) => {
  const kafka = await startEmbedded()
  onTestFinished(kafka.close)
  const startedAt = new Date().toISOString()
  const fine = { ...STANDING, bootstrap: kafka.bootstrap, startedAt }
  writeBrokerFile({ ...fine, ...changed })
  expect((await start('auto')).kind).toBe('embedded')
})

test('container says what to do where no engine answers', async () => {
  expect(await refusal('container')).toMatch(/No container engine answers[\s\S]*--broker embedded/)
})

test('container never pulls: a missing image is a message with the command', async () => {
  await imageMissing()
  expect(await refusal('container')).toMatch(
    /apache\/kafka:4\.3\.1 is not on this machine[\s\S]*npm run broker pull[\s\S]*--broker embedded/,
  )
})

test('an address is a running cluster, which is left alone at the end', async () => {
  const kafka = await startEmbedded()
  onTestFinished(kafka.close)
  const broker = await start(kafka.bootstrap)
  expect(broker).toMatchObject({ kind: 'cluster', version: '4.x', bootstrap: kafka.bootstrap, note: null })
  await broker.stop()
  expect((await start(kafka.bootstrap)).kind).toBe('cluster')
})

test.each([
  'kafka.example.com:9092',
  '10.0.0.5:9092',
  '127.evil.example:9092',
  '128.0.0.1:9092',
  '[fe80::1]:9092',
  '127.0.0.1:9092,192.168.0.7:9092',
])('%s is refused: another machine', async (spec) => {
  expect(await refusal(spec)).toMatch(/is another machine[\s\S]*--foreign/)
})

test.each([
  '127.0.0.1:0',
  '127.0.0.1:65536',
  '127.0.0.1:',
  ':9092',
  '127.0.0.1:port',
  '127.0.0.1:9092,',
  '::1:9092',
])('%s is no address', async (spec) => {
  expect(await refusal(spec)).toMatch(/is not a broker address/)
})

test.each(['kafka', 'java', '', 'Embedded'])(
  '"%s" is no broker: the message lists what there is',
  async (spec) => {
    expect(await refusal(spec)).toMatch(/There is no broker[\s\S]*auto, container, jvm, embedded/)
  },
)

test('nothing listens there', async () => {
  expect(await refusal('127.0.0.1:9')).toContain('No Kafka broker answers at 127.0.0.1:9.')
})

test('a port that accepts and says nothing is given up after three seconds', async () => {
  const address = await listen(net.createServer((socket) => socket.on('error', () => {})))
  const startedAt = performance.now()
  expect(await refusal(address)).toContain(`No Kafka broker answers at ${address}.`)
  expect(performance.now() - startedAt).toBeLessThan(4500)
})

test('a port that speaks something else is no Kafka', async () => {
  const address = await listen(http.createServer((_, response) => response.end('hello')))
  expect(await refusal(address)).toContain(`No Kafka broker answers at ${address}.`)
})

function writeBrokerFile(content: object): void {
  fs.mkdirSync(path.join(root, '.workbook'))
  fs.writeFileSync(path.join(root, '.workbook', 'broker-container-1.json'), JSON.stringify(content))
}
