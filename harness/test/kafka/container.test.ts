import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Broker } from '../../kafka/broker.ts'
import { openContainer } from '../../kafka/container.ts'
import { findEngine } from '../../kafka/engine.ts'
import { KAFKA_IMAGE } from '../../kafka/kafka-image.ts'
import { standingLogs, stopStanding } from '../../kafka/lifecycle.ts'
import { listStanding, nodesUp } from '../../kafka/standing.ts'

const engine = await findEngine()
const available = (await engine?.hasImage(KAFKA_IMAGE)) ?? false
if (!available) process.stderr.write(`No ${KAFKA_IMAGE} here: the tests of the container are left out.\n`)

describe.skipIf(!available)('Kafka in a container', { timeout: 120_000 }, () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'container-'))
  const lines: string[] = []
  const opened: Broker[] = []
  const open = async () => {
    const broker = await openContainer({ root, onProgress: (line) => lines.push(line) })
    opened.push(broker)
    return broker
  }
  let bootstrap: string

  beforeAll(async () => {
    ;({ bootstrap } = await open())
  }, 120_000)

  afterAll(async () => {
    await stopStanding(root)
    fs.rmSync(root, { recursive: true, force: true })
  })

  test('tells what takes time, and that it stays', async () => {
    expect(lines[0]).toContain('Starting Kafka 4.3.1 in a container')
    expect(lines[1]).toMatch(/^Kafka is up after [\d.]+ s/)
  })

  test('the next run uses the same one', async () => {
    expect(await open()).toMatchObject({ kind: 'container', bootstrap })
    expect(lines).toHaveLength(2)
    expect(await listStanding(root)).toMatchObject([{ file: { bootstrap }, up: 1 }])
  })

  test('a plain client can use it: the advertised address is right, and transactions work', async () => {
    const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'plain', numPartitions: 1 }] })
    const producer = kafka.producer({ transactionalId: 'plain', idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic: 'plain', messages: [{ value: 'one' }] })
    await transaction.commit()
    const consumer = kafka.consumer({ groupId: 'plain', maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topic: 'plain', fromBeginning: true })
    const read = await new Promise((resolve) =>
      consumer.run({ eachMessage: async ({ message }) => resolve(message.value?.toString()) }),
    )
    expect(read).toBe('one')
    await consumer.disconnect()
    await Promise.all([producer.disconnect(), admin.disconnect()])
  })

  test('one that is too old, and that nobody uses, is removed, and a new one started', async () => {
    for (const broker of opened) await broker.stop()
    const file = path.join(root, '.workbook', 'broker-container-1.json')
    const before = JSON.parse(fs.readFileSync(file, 'utf8'))
    fs.writeFileSync(file, JSON.stringify({ ...before, startedAt: new Date(0).toISOString() }))
    await open()
    const ids = (await engine?.containersWith(`kafka-workbook.root=${root}`))?.map(({ id }) => id)
    expect(ids).toEqual(JSON.parse(fs.readFileSync(file, 'utf8')).nodes)
    expect(ids).not.toContain(before.nodes[0])
  })

  test('one that dies says with which exit code, and what its log said last', async () => {
    const broker = await open()
    expect(await broker.lastWords?.()).toBeNull()
    await broker.killNode?.(1)
    await expect
      .poll(() => broker.lastWords?.(), { timeout: 20_000 })
      .toMatch(/Node 1 of Kafka ended with exit code 137[\s\S]*The end of its log:\n {2}/)
    expect((await standingLogs(root, 5))[0]?.log).toContain('Kafka')
  })

  test('three nodes are one cluster, and a node that dies is noticed', async () => {
    const broker = await openContainer({ root, nodes: 3, onProgress: () => {} })
    expect(broker.bootstrap.split(',')).toHaveLength(3)
    expect(await nodesUp(broker.bootstrap)).toBe(3)
    await broker.killNode?.(2)
    await expect.poll(() => broker.lastWords?.(), { timeout: 20_000 }).toMatch(/Node 2 .* exit code 137/)
    expect((await stopStanding(root)).length).toBeGreaterThanOrEqual(3)
    expect(await engine?.networksWith(`kafka-workbook.root=${root}`)).toEqual([])
  })
})
