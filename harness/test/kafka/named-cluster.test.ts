import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import { readClientProperties } from '../../kafka/client-properties.ts'
import { openCluster } from '../../kafka/cluster.ts'
import { copyWorkbook, type Running, remove, runTool } from '../cli/run-tool.ts'
import { certificateFile } from './certificates.ts'
import { haveKafkaTools } from './clients/kafka-tools.ts'
import { ATTACKS, type Cluster, holdings, openRun, refusals, work } from './hostile-neighbour.ts'
import { PASSWORD, type SecureKafka, startSecureKafka, USER } from './secure-kafka.ts'

const MODULES = 'org.apache.kafka.common.security'

let root: string
let kafka: SecureKafka
let files = 0

/** A file of properties for one listener of it. */
function propertiesOf(listener: keyof SecureKafka, lines: Record<string, string> = {}): string {
  const file = path.join(root, `client-${++files}.properties`)
  const all = {
    'bootstrap.servers': kafka[listener],
    'ssl.truststore.location': certificateFile('ca.pem').replaceAll('\\', '/'),
    ...lines,
  }
  const entries = Object.entries(all).map(([key, value]) => `${key}=${value}\n`)
  fs.writeFileSync(file, entries.join(''))
  return file
}

function login(mechanism: string, { user = USER, password = PASSWORD } = {}): Record<string, string> {
  const module = mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule'
  const jaas = `${MODULES}.${module} required username="${user}" password="${password}";`
  return { 'sasl.mechanism': mechanism, 'sasl.jaas.config': jaas }
}

const SASL_SSL = { 'security.protocol': 'SASL_SSL' }

async function open(file: string) {
  const { bootstrap, security } = readClientProperties(file)
  return openCluster(bootstrap, { security, foreign: true })
}

async function refusal(file: string): Promise<string> {
  const error = await open(file).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(WorkbookError)
  return (error as WorkbookError).message
}

const isHere = haveKafkaTools() && process.platform !== 'win32'
describe.skipIf(!isHere)('real Kafka that asks who is there', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    root = copyWorkbook()
    kafka = await startSecureKafka()
  }, 360_000)
  afterAll(async () => {
    await kafka?.stop()
    remove(root)
  })

  test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])('takes a login by %s', async (mechanism) => {
    const withTls = await open(propertiesOf('saslSsl', { ...SASL_SSL, ...login(mechanism) }))
    expect(withTls).toMatchObject({ kind: 'cluster', version: '4.x', guarded: true })
    const protocol = { 'security.protocol': 'SASL_PLAINTEXT' }
    await open(propertiesOf('saslPlain', { ...protocol, ...login(mechanism) }))
  })

  test.each([
    ['client.pem', {}],
    ['client.p12', { 'ssl.keystore.password': 'open' }],
  ])('takes the certificate of a client, %s', async (name, more) => {
    const keystore = { 'ssl.keystore.location': certificateFile(name).replaceAll('\\', '/'), ...more }
    await open(propertiesOf('mutual', { 'security.protocol': 'SSL', ...keystore }))
  })

  test('says no in sentences', async () => {
    const wrong = { password: 'wrong' }
    const nobody = { user: 'nobody' }
    const all = await Promise.all([
      refusal(propertiesOf('saslSsl', { ...SASL_SSL, ...login('PLAIN', wrong) })),
      refusal(propertiesOf('saslSsl', { ...SASL_SSL, ...login('SCRAM-SHA-512', wrong) })),
      refusal(propertiesOf('saslSsl', { ...SASL_SSL, ...login('PLAIN', nobody) })),
      refusal(propertiesOf('saslSsl', { 'security.protocol': 'SSL' })),
      refusal(propertiesOf('saslSsl')),
      refusal(propertiesOf('ssl')),
      refusal(propertiesOf('saslPlain')),
      refusal(propertiesOf('plain', { 'security.protocol': 'SSL' })),
      refusal(propertiesOf('plain', { 'security.protocol': 'SASL_PLAINTEXT', ...login('PLAIN') })),
      refusal(propertiesOf('mutual', { 'security.protocol': 'SSL' })),
      refusal(propertiesOf('controller')),
    ])
    const words = [
      /does not let learner=1 in/,
      /does not let learner=1 in/,
      /nobody may not create topics .*TOPIC_AUTHORIZATION_FAILED/,
      /wants a login/,
      /speaks TLS/,
      /speaks TLS/,
      /wants a login/,
      /does not speak TLS/,
      /takes no logins/,
      /wants a certificate of the client/,
      /port of a controller/,
    ]
    words.forEach((expected, index) => {
      expect(all[index]).toMatch(expected)
    })
  })

  test('judges an answer, and leaves neither a topic, nor a note, nor the password', async () => {
    const file = propertiesOf('saslSsl', { ...SASL_SSL, ...login('SCRAM-SHA-256') })
    const argv = ['--answer', 'solution', '--foreign', '--broker', file]
    const run = await runTool(root, ['test', '03', ...argv, '--json', '--wire'])
    expect(run).toMatchObject({ code: 0, stderr: '', filesLeft: [], processesLeft: [] })
    expect(JSON.parse(run.stdout)).toMatchObject({
      broker: { kind: 'cluster' },
      results: [{ verdict: 'passed' }],
    })
    const written = fs
      .readdirSync(path.join(root, '.workbook'), { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(root, '.workbook', name))
      .filter((name) => fs.statSync(name).isFile())
      .map((name) => fs.readFileSync(name, 'utf8'))
    for (const text of [run.stdout, ...written]) expect(text).not.toContain(PASSWORD)
    expect(fs.readdirSync(path.join(root, '.workbook', 'named-runs'))).toEqual([])
    expect(await topics()).toEqual([])
  })

  test('is cleaned of what a killed run left', async () => {
    const file = propertiesOf('saslSsl', { ...SASL_SSL, ...login('SCRAM-SHA-256') })
    const answer = path.join(root, 'waits.ts')
    fs.writeFileSync(
      answer,
      `export const encode = (event: any) => ({ value: JSON.stringify(event) })
      export const produceEvent = () => new Promise(() => {})`,
    )
    await runTool(root, ['test', '03', '--answer', answer, '--foreign', '--broker', file], {
      async during(running: Running) {
        await expect.poll(topics, { timeout: 120_000 }).toHaveLength(1)
        running.kill('SIGKILL')
      },
    })
    expect(await topics()).toHaveLength(1)
    const notes = fs.readdirSync(path.join(root, '.workbook', 'named-runs'))
    expect(notes).toHaveLength(1)
    const cleaned = await runTool(root, ['broker', 'clean'], { env: { DOCKER_HOST: 'tcp://127.0.0.1:9' } })
    expect(cleaned).toMatchObject({ code: 0, stderr: '' })
    expect(cleaned.stdout).toContain('what 1 run left on a named cluster')
    expect(await topics()).toEqual([])
    expect(fs.readdirSync(path.join(root, '.workbook', 'named-runs'))).toEqual([])
  })

  test('serves eight runs at once, one of which attacks another', async () => {
    const cluster = readClientProperties(
      propertiesOf('saslSsl', { ...SASL_SSL, ...login('SCRAM-SHA-512') }),
    ) as Cluster
    const runs = await Promise.all(Array.from({ length: 8 }, () => openRun(cluster)))
    const [hostile, victim] = runs as [(typeof runs)[0], (typeof runs)[0]]
    const read = Promise.all(runs.slice(1).map((run) => work(run)))
    for (const [name, attack] of ATTACKS) {
      await expect(attack(hostile, victim), name).rejects.toThrow()
    }
    expect(await read).toEqual(runs.slice(1).map(() => 20))
    expect(refusals(hostile)).toBeGreaterThanOrEqual(ATTACKS.length)
    for (const run of runs.slice(1)) {
      expect(refusals(run)).toBe(0)
      expect(await holdings(run)).toMatchObject({ topics: [run.topic], records: 20, partitions: 2 })
    }
    await Promise.all(runs.map((run) => run.close()))
  })
})

/** The topics of all runs, as somebody sees them who may see everything. */
async function topics(): Promise<string[]> {
  const run = await openRun({ bootstrap: kafka.plain, security: null }, '')
  const names = await run.admin.listTopics()
  await run.leave()
  return names.filter((name) => name.startsWith('wb-'))
}
