import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import type { Broker } from '../../kafka/broker.ts'
import { connect } from '../../kafka/client/client.ts'
import { startJvm } from '../../kafka/jvm.ts'
import { CreateTopics } from '../../kafka/protocol/api/19-create-topics.ts'
import { canTest, isInstalled } from './clients/program.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const isHere = isInstalled('java', '-version') && Boolean(process.env.KAFKA_HOME)
/** A temporary folder that nobody else uses, to see what is left in it. */
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'jvm-'))
const left = () => fs.readdirSync(temporary)

function stubTemporary(): void {
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary)
}

beforeEach(stubTemporary)

afterEach(() => {
  vi.unstubAllEnvs()
})

afterAll(() => fs.rmSync(temporary, { recursive: true, force: true }))

test('without a Kafka nothing is started, and the message says what to do', async () => {
  vi.stubEnv('KAFKA_HOME', '')
  const started = startJvm({ root: ROOT, onProgress: () => {} })
  await expect(started).rejects.toThrow('KAFKA_HOME is not set')
})

test('one for want of Java is told so, and leaves nothing', async () => {
  const home = path.join(temporary, 'kafka')
  fs.mkdirSync(home)
  for (const name of ['kafka_2.13-4.3.1.jar', 'kafka-clients-4.3.1.jar']) {
    fs.writeFileSync(path.join(home, name), '')
  }
  vi.stubEnv('KAFKA_HOME', home)
  vi.stubEnv('JAVA_HOME', path.join(home, 'jdk'))
  const started = startJvm({ root: ROOT, onProgress: () => {} })
  await expect(started).rejects.toThrow('There is no Java on this machine, or JAVA_HOME is wrong.')
  await expect(started).rejects.toBeInstanceOf(WorkbookError)
  fs.rmSync(home, { recursive: true })
  expect(left()).toEqual([])
})

test.skipIf(process.platform === 'win32')('when one of several nodes cannot start, none stays', async () => {
  const home = path.join(temporary, 'kafka')
  const bin = path.join(home, 'jdk', 'bin')
  fs.mkdirSync(bin, { recursive: true })
  for (const name of ['kafka_2.13-4.3.1.jar', 'kafka-clients-4.3.1.jar']) {
    fs.writeFileSync(path.join(home, name), '')
  }
  fs.writeFileSync(path.join(bin, 'java'), '#!/bin/sh\nexec sleep 120\n', { mode: 0o755 })
  vi.stubEnv('KAFKA_HOME', home)
  vi.stubEnv('JAVA_HOME', path.join(home, 'jdk'))
  let nodes = 0
  const settings = {
    /** Read once for each node. */
    get 'log.retention.ms'() {
      nodes += 1
      if (nodes === 2) throw new Error('no space left on device')
      return '1'
    },
  }
  const started = startJvm({ root: ROOT, nodes: 3, settings, onProgress: () => {} })
  await expect(started).rejects.toThrow('no space left on device')
  fs.rmSync(home, { recursive: true })
  expect(left()).toEqual([])
})

describe.skipIf(!canTest('Java with KAFKA_HOME', isHere))('Kafka on Java', { timeout: 120_000 }, () => {
  const lines: string[] = []
  let broker: Broker

  beforeAll(async () => {
    stubTemporary()
    broker = await startJvm({ root: ROOT, nodes: 3, onProgress: (line) => lines.push(line) })
  }, 120_000)

  afterAll(() => broker.stop(), 120_000)

  test('tells what takes time, and which Kafka it is', () => {
    expect(broker).toMatchObject({ kind: 'jvm', version: expect.stringMatching(/^\d+\.\d+/), note: null })
    expect(lines[0]).toBe(`Starting Kafka ${broker.version} with 3 nodes, each a Java process ...`)
    expect(lines[1]).toMatch(/^Kafka is up after [\d.]+ s/)
  })

  test('three nodes are one cluster that keeps three replicas', async () => {
    expect(left().filter((name) => name.startsWith('kafka-workbook-jvm-'))).toHaveLength(3)
    const client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
    const topic = { name: 'wide', numPartitions: 3, replicationFactor: 3, assignments: [], configs: [] }
    const answer = await client.request(CreateTopics, 4, {
      topics: [topic],
      timeoutMs: 10_000,
      validateOnly: false,
    })
    expect(answer.topics[0]?.errorCode).toBe(0)
    // A KRaft cluster answers a moment before its nodes know the new topic.
    const inSync = async () => {
      const { topics } = await client.metadata(['wide'])
      return topics[0]?.partitions.map((one) => [...one.isrNodes].sort())
    }
    await expect.poll(inSync, { timeout: 20_000 }).toEqual([1, 2, 3].map(() => [1, 2, 3]))
    const { brokers } = await client.metadata(['wide'])
    const addresses = brokers.map(({ host, port }) => `${host}:${port}`).sort()
    expect(addresses).toEqual(broker.bootstrap.split(',').sort())
    client.close()
  })

  test('stop ends it and leaves nothing', async () => {
    await broker.stop()
    expect(left()).toEqual([])
    await expect(connect(broker.bootstrap, { timeoutMs: 1000 })).rejects.toThrow('No Kafka broker answers')
  })

  test('one that dies at its start is shown with its last words', async () => {
    // Java's own options: a heap that is larger than the one of the command line.
    vi.stubEnv('JDK_JAVA_OPTIONS', '-Xms2g')
    const started = startJvm({ root: ROOT, onProgress: () => {} })
    await expect(started).rejects.toThrow(/did not start\. The end of its log:[\s\S]*heap/)
    await expect(started).rejects.toBeInstanceOf(WorkbookError)
    expect(left()).toEqual([])
  })
})
