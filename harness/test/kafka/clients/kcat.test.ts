import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshName, testBroker } from '../test-broker.ts'
import { canTest, isInstalled, type Running, run, start } from './program.ts'
import { createTopic } from './topic.ts'

/* kcat (librdkafka) as it is, against a broker: the embedded one unless WORKBOOK_TEST_BROKER names another. */

describe.skipIf(!canTest('kcat', isInstalled('kcat', '-V')))('kcat', () => {
  let broker: Awaited<ReturnType<typeof testBroker>>

  beforeAll(async () => {
    broker = await testBroker()
  })

  afterAll(() => broker.close())

  const kcat = (args: string[], input?: string) => run('kcat', ['-b', broker.bootstrap, ...args], input)

  const topicWith = (partitions?: number) => createTopic(broker.bootstrap, partitions)

  const produce = (topic: string, lines: string[], ...args: string[]) =>
    kcat(['-P', '-t', topic, ...args], lines.map((line) => `${line}\n`).join(''))

  const consume = (topic: string, ...args: string[]) =>
    kcat(['-C', '-t', topic, '-e', '-q', '-f', '%p:%o:%s\n', ...args])

  test('lists nodes, topics and partitions', async () => {
    const topic = await topicWith(2)
    const [, port] = broker.bootstrap.split(':')
    const list = await kcat(['-L', '-t', topic])
    expect(list).toMatch(new RegExp(`broker 1 at \\S+:${port} \\(controller\\)`))
    expect(list).toContain(`topic "${topic}" with 2 partitions:`)
    expect(list).toContain('partition 1, leader 1, replicas: 1, isrs: 1')
  })

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'produces and consumes with codec %s',
    async (codec) => {
      const topic = await topicWith()
      const values = Array.from({ length: 50 }, (_, index) => `value ${index}`)
      await produce(topic, values, '-p', '0', '-z', codec)
      const read = await consume(topic, '-o', 'beginning')
      expect(read.split('\n')).toEqual(values.map((value, offset) => `0:${offset}:${value}`))
    },
  )

  test('keeps keys, headers and null values', async () => {
    const topic = await topicWith()
    await kcat(['-P', '-t', topic, '-K', ':', '-H', 'trace=7', '-Z'], 'ORD-1:paid\nORD-2:\n')
    const read = await kcat(['-C', '-t', topic, '-e', '-q', '-f', '%k %S %s [%h]\n'])
    expect(read.split('\n')).toEqual(['ORD-1 4 paid [trace=7]', 'ORD-2 -1  [trace=7]'])
  })

  test('produces with idempotence, and with acks 0 and 1', async () => {
    const topic = await topicWith()
    await produce(topic, ['a'], '-X', 'enable.idempotence=true')
    await produce(topic, ['b'], '-X', 'acks=1')
    await produce(topic, ['c'], '-X', 'acks=0')
    expect(await consume(topic)).toBe('0:0:a\n0:1:b\n0:2:c')
  })

  test('produces in a transaction, whose end takes an offset of its own', async () => {
    const topic = await topicWith()
    await produce(topic, ['a', 'b'], '-X', `transactional.id=${freshName()}`)
    await produce(topic, ['c'], '-X', 'enable.idempotence=true', '-z', 'lz4')
    expect(await consume(topic, '-X', 'isolation.level=read_committed')).toBe('0:0:a\n0:1:b\n0:3:c')
  })

  test('starts at the beginning, at the end, at an offset and n records before the end', async () => {
    const topic = await topicWith()
    await produce(topic, ['a', 'b', 'c', 'd'])
    expect(await consume(topic, '-p', '0', '-o', 'beginning')).toBe('0:0:a\n0:1:b\n0:2:c\n0:3:d')
    expect(await consume(topic, '-p', '0', '-o', 'end')).toBe('')
    expect(await consume(topic, '-p', '0', '-o', '2')).toBe('0:2:c\n0:3:d')
    expect(await consume(topic, '-p', '0', '-o', '-1')).toBe('0:3:d')
  })

  test('finds offsets by time, and reads from a time to another', async () => {
    const topic = await topicWith()
    await produce(topic, ['a'])
    const time = Number(await kcat(['-C', '-t', topic, '-e', '-q', '-f', '%T\n'])) + 1
    await expect.poll(() => Date.now()).toBeGreaterThan(time)
    await produce(topic, ['b', 'c'])
    const query = async (at: number) => (await kcat(['-Q', '-t', `${topic}:0:${at}`])).trim()
    expect(await query(time)).toBe(`${topic} [0] offset 1`)
    expect(await query(time - 60_000)).toBe(`${topic} [0] offset 0`)
    expect(await query(-1)).toBe(`${topic} [0] offset 3`)
    expect(await query(-2)).toBe(`${topic} [0] offset 0`)
    expect(await consume(topic, '-p', '0', '-o', `s@${time}`)).toBe('0:1:b\n0:2:c')
    expect(await consume(topic, '-p', '0', '-o', 's@0', '-o', `e@${time}`)).toBe('0:0:a')
  })

  test('a refused record is an error', async () => {
    const missing = produce(freshName(), ['a'], '-X', 'topic.metadata.propagation.max.ms=0')
    await expect(missing).rejects.toThrow(/Unknown topic or partition/)
  })

  test('two members share the partitions of a group, and the one that stays gets all', async () => {
    const topic = await topicWith(2)
    const group = freshName()
    const fromStart = ['-X', 'auto.offset.reset=earliest']
    const join = () =>
      start('kcat', ['-b', broker.bootstrap, ...fromStart, '-G', group, '-u', '-f', '%p:%s\n', topic])
    const assigned = (member: Running) =>
      (
        member
          .stderr()
          .match(/assigned: .*/g)
          ?.at(-1) ?? ''
      ).match(/\[\d+\]/g)?.length ?? 0
    const first = join()
    await expect.poll(() => assigned(first), POLL).toBe(2)
    const second = join()
    try {
      await expect.poll(() => [assigned(first), assigned(second)], POLL).toEqual([1, 1])
      await produce(topic, ['a'], '-p', '0')
      await produce(topic, ['b'], '-p', '1')
      await expect.poll(() => [...first.lines, ...second.lines].sort(), POLL).toEqual(['0:a', '1:b'])
      expect([first.lines.length, second.lines.length]).toEqual([1, 1])
      await second.stop()
      await expect.poll(() => assigned(first), POLL).toBe(2)
    } finally {
      await Promise.all([first.stop(), second.stop()])
    }
    // Both committed what they had read when they left.
    const again = join()
    await expect.poll(() => assigned(again), POLL).toBe(2)
    await produce(topic, ['c'], '-p', '0')
    await expect.poll(() => again.lines, POLL).toEqual(['0:c'])
    await again.stop()
  })
})

const POLL = { timeout: 15_000, interval: 50 }
