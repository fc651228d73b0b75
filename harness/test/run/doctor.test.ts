import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { examine, type Facts } from '../../run/doctor.ts'
import { gatherFacts } from '../../run/doctor-facts.ts'
import { fakeEngine } from '../kafka/fake-engine.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const GIB = 1024 ** 3

/** A machine on which everything is fine. */
const FINE: Facts = {
  node: { found: 'v22.14.0', oldest: '20.19' },
  packages: [
    { name: 'kafkajs', wanted: '2.2.4', found: '2.2.4', optional: false },
    { name: 'testcontainers', wanted: '11.14.0', found: '11.14.0', optional: true },
  ],
  folders: [
    { use: 'workbook', folder: '/book', freeBytes: 40 * GIB, writable: true },
    { use: 'temporary', folder: '/tmp', freeBytes: 2 * GIB, writable: true },
  ],
  loopback: null,
  ports: [{ port: 9092, use: 'docker compose', state: 'free' }],
  chosenBroker: undefined,
  engine: { name: 'Docker 28.2.2', clockAheadMs: -900, image: 'apache/kafka:4.3.1', hasImage: true },
  java: { version: '17.0.15', kafka: { version: '4.3.1' } },
  editor: {
    settings: '{ "files.eol": "\\n", "x": ["solutions/**"] }',
    nodeOptions: '--max-old-space-size=4096',
  },
  files: { crlf: [], notUtf8: [] },
  time: { zone: 'Europe/Paris', unknownZone: null, nowMs: Date.UTC(2026, 5, 1), newestFileMs: 0 },
}

const find = (facts: Partial<Facts>) => examine({ ...FINE, ...facts }).filter(({ level }) => level !== 'fine')

test('where everything is fine there is nothing to mend', () => {
  expect(find({})).toEqual([])
  expect(examine(FINE).every(({ mend }) => mend === undefined)).toBe(true)
})

const [kafkajs, testcontainers] = FINE.packages as [Facts['packages'][0], Facts['packages'][0]]
const [book, temporary] = FINE.folders as [Facts['folders'][0], Facts['folders'][0]]
const engine = FINE.engine as NonNullable<Facts['engine']>
const port = (state: Facts['ports'][0]['state']) => ({
  ports: [{ port: 9092, use: 'docker compose', state }],
})
const missing = { name: 'kafkajs', found: null }

test.each<[string, Partial<Facts>, string, string]>([
  ['wrong node', { node: { found: 'v20.18.3', oldest: '20.19' } }, 'v20.18.3 is older than 20.19', 'nvm'],
  ['wrong node', { node: { found: 'v18.20.4', oldest: '20.19' } }, 'v18.20.4 is older', 'nodejs.org'],
  ['wrong packages', { packages: [{ ...kafkajs, ...missing }] }, 'kafkajs.', 'npm ci'],
  ['wrong packages', { packages: [{ ...kafkajs, found: '2.0.0' }] }, 'kafkajs (2.0.0)', 'npm ci'],
  [
    'note packages',
    { packages: [kafkajs, { ...testcontainers, found: null }] },
    'Missing, or of another version: testcontainers.',
    'optional',
  ],
  ['note disk-workbook', { folders: [{ ...book, freeBytes: GIB / 2 }] }, 'Only 512 MiB free', 'Make room'],
  ['wrong disk-workbook', { folders: [{ ...book, freeBytes: 1e6 }] }, 'Only 0 MiB free', 'Make room'],
  ['note disk-workbook', { folders: [{ ...book, writable: false }] }, 'cannot be written to', 'right'],
  ['wrong disk-temporary', { folders: [{ ...temporary, writable: false }] }, 'cannot be written', 'right'],
  ['wrong loopback', { loopback: 'EACCES' }, 'EACCES', 'firewall'],
  ['note port-9092', port('taken'), 'is taken by another program', '--port'],
  ['note port-9092', port('reserved'), 'is reserved by the system', '--port'],
  ['note engine', { engine: null }, 'The embedded broker needs none', 'DOCKER_HOST'],
  ['wrong engine', { engine: null, chosenBroker: 'container' }, 'No container engine', 'start Docker'],
  ['note image', { engine: { ...engine, hasImage: false } }, 'apache/kafka:4.3.1', 'npm run broker pull'],
  ['note engine-clock', { engine: { ...engine, clockAheadMs: -90_000 } }, '90 s behind', 'Restart'],
  ['note engine-clock', { engine: { ...engine, clockAheadMs: 7000 } }, '7 s ahead of', 'Restart'],
  ['note java', { java: { version: null, kafka: null } }, 'There is no Java', 'Java 17'],
  [
    'wrong java',
    { java: { version: '11.0.2', kafka: null }, chosenBroker: 'jvm' },
    'too old for Kafka 4',
    'Java 17',
  ],
  ['note java', { java: { version: '1.8.0_402', kafka: null } }, 'too old for Kafka 4', 'Java 17'],
  ['note java', { java: { version: '21', kafka: null } }, 'KAFKA_HOME is not set', 'KAFKA_HOME'],
  ['note java', { java: { version: '21', kafka: { problem: 'no jars' } } }, 'no jars', 'KAFKA_HOME'],
  ['note editor', { editor: { settings: null, nodeOptions: undefined } }, 'not as it came', 'git checkout'],
  [
    'note editor',
    { editor: { ...FINE.editor, nodeOptions: '--require /vscode/bootloader.js' } },
    'debugger attaches',
    'Auto Attach',
  ],
  ['note line-endings', { files: { crlf: ['a.ts', 'b.ts'], notUtf8: [] } }, 'a.ts and 1 more', 'LF'],
  ['wrong line-endings', { files: { crlf: [], notUtf8: ['a.ts'] } }, 'Not in UTF-8', 'Save it as UTF-8'],
  ['note time', { time: { ...FINE.time, unknownZone: 'Paris' } }, 'TZ is Paris', 'Europe/Paris'],
  [
    'wrong time',
    { time: { ...FINE.time, newestFileMs: Date.UTC(2026, 5, 3) } },
    '2026-06-01',
    'Set the clock',
  ],
])('%s: %#', (which, facts, words, mend) => {
  const [found, ...others] = find(facts)
  expect(others).toEqual([])
  expect(`${found?.level} ${found?.id}`).toBe(which)
  expect(found?.text).toContain(words)
  expect(found?.mend).toContain(mend)
})

test('a Kafka that answers on the port is good news', () => {
  expect(find(port('kafka'))).toEqual([])
  expect(examine({ ...FINE, ...port('kafka') }).map(({ text }) => text)).toContain(
    'a Kafka answers on 9092: npm test 03 -- --broker 127.0.0.1:9092',
  )
})

test('what the machine says: this Node, these packages, an engine with a clock of its own', async () => {
  const fake = await fakeEngine({
    'GET /_ping': { status: 200 },
    'GET /version': { status: 200, body: { Version: '28.2.2', Components: [{ Name: 'Engine' }] } },
  })
  onTestFinished(fake.close)
  const facts = await gatherFacts(ROOT, { JAVA_HOME: '/no', DOCKER_HOST: fake.dockerHost, TZ: 'No/Where' })
  expect(facts).toMatchObject({
    node: { found: process.version, oldest: '20.19' },
    loopback: null,
    engine: { name: 'Docker 28.2.2', hasImage: false },
    java: { version: null, kafka: null },
    files: { crlf: [], notUtf8: [] },
    time: { unknownZone: 'No/Where' },
  })
  expect(Math.abs(facts.engine?.clockAheadMs ?? Number.NaN)).toBeLessThan(60_000)
  expect(facts.packages.every(({ wanted, found }) => wanted === found)).toBe(true)
  expect(facts.folders.every(({ writable }) => writable)).toBe(true)
  expect(examine(facts).filter(({ level }) => level === 'wrong')).toEqual([])
})

test('files of Windows and of PowerShell are told apart', async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'doctor-'))
  onTestFinished(() => fs.rmSync(root, { recursive: true }))
  for (const name of ['package.json', '.vscode']) {
    fs.cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true })
  }
  const write = (name: string, bytes: Buffer) => {
    const folder = path.join(root, 'exercises', `0${name.length}-${name}`)
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, `${name}.ts`), bytes)
  }
  write('a', Buffer.from('one\r\ntwo\r\n'))
  write('bb', Buffer.from('one\n', 'utf16le'))
  write('ccc', Buffer.from('Bücher\n', 'latin1'))
  write('dddd', Buffer.from('Bücher\n'))
  const { files, packages } = await gatherFacts(root, { DOCKER_HOST: 'tcp://127.0.0.1:9' })
  expect(files).toEqual({
    crlf: ['exercises/01-a/a.ts'],
    notUtf8: ['exercises/02-bb/bb.ts', 'exercises/03-ccc/ccc.ts'],
  })
  expect(packages.every(({ found }) => found === null)).toBe(true)
})
