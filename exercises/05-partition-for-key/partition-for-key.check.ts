import { type Message, Partitioners } from 'kafkajs'
import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as yours from './partition-for-key.ts'

const check = checksFor<{ answer: typeof yours }>(import.meta.url)

/** The reference hashes of Kafka's own UtilsTest.java, and the empty key. */
const referenceHashes: Record<string, number> = {
  '21': -973932308,
  foobar: -790332482,
  'a-little-bit-long-string': -985981536,
  'a-little-bit-longer-string': -1486304829,
  lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
  abc: 479470107,
  '': 275646681,
}

/** One hash for each length from 1 to 8, then bytes of 0x80 and more in every place. */
const hashesByLength: [key: Buffer, hash: number][] = [
  [Buffer.from('a'), -1563381124],
  [Buffer.from('ab'), 316155434],
  [Buffer.from('abc'), 479470107],
  [Buffer.from('abcd'), -1323649548],
  [Buffer.from('abcde'), 461995741],
  [Buffer.from('abcdef'), 1870650108],
  [Buffer.from('abcdefg'), -346467175],
  [Buffer.from('abcdefgh'), -955427363],
  [Buffer.from([0xff]), -311467685],
  [Buffer.from([0x80, 0xfe]), 1316928818],
  [Buffer.from([0xc3, 0xbc, 0xff]), 1731818784],
  [Buffer.from([0x80, 0xff, 0x90, 0xfe]), -1564588175],
]

const nineKeys = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `MSG-00${number}`)

/** The same 32 bits as Java's signed int. Whatever is not such a number stays as it is. */
const signed = (hash: number) =>
  Number.isInteger(hash) && hash >= 2 ** 31 && hash < 2 ** 32 ? hash - 2 ** 32 : hash

const clientPartitioner = Partitioners.DefaultPartitioner()

/** Where a real kafkajs producer sends a record with this key. */
function partitionOfClient(key: string | Buffer, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 1,
    partitionErrorCode: 0,
    replicas: [1],
    isr: [1],
  }))
  const message: Message = { key, value: 'any' }
  return clientPartitioner({ topic: 'orders', partitionMetadata, message })
}

check(
  'reference-hashes',
  'Every client that uses murmur2 gets the same 32 bits from the same bytes',
  { about: 'murmur2' },
  async ({ answer }) => {
    const keys = Object.keys(referenceHashes)
    const hashes = (await answer.murmur2.each(keys.map((key) => [Buffer.from(key)]))).map(signed)
    mistake(
      'plain-multiplication',
      hashes[keys.indexOf('')] === 275646684,
      'A JavaScript number keeps 53 bits of a product, and always the upper ones. The hash is made of the lower 32, so it has lost some of its bits.',
    )
    expect(Object.fromEntries(keys.map((key, at) => [key, hashes[at]]))).toEqual(referenceHashes)
  },
)

check(
  'every-length',
  'The one to three bytes that are left at the end count as well, each as a number from 0 to 255',
  { after: 'reference-hashes', about: 'murmur2' },
  async ({ answer }) => {
    const hashes = (await answer.murmur2.each(hashesByLength.map(([key]) => [key]))).map(signed)
    const shown = (key: Buffer, hash: number | undefined) => `${key.toString('hex')} -> ${hash}`
    expect(hashesByLength.map(([key], at) => shown(key, hashes[at]))).toEqual(
      hashesByLength.map(([key, hash]) => shown(key, hash)),
    )
  },
)

check(
  'never-negative',
  'Half of all hashes are negative, and still every key has its one partition from 0 to n - 1',
  { after: 'reference-hashes', about: 'partitionForKey' },
  async ({ answer }) => {
    const partitions = await answer.partitionForKey.each(nineKeys.map((key) => [key, 3]))
    mistake(
      'negative-partition',
      partitions.some((partition) => partition < 0),
      'The remainder of a negative number is negative in JavaScript as in Java, and no topic has a partition below 0.',
    )
    mistake(
      'math-abs',
      partitions.join() === '0,2,1,1,0,0,0,0,2',
      'The absolute value counts a negative hash down instead of keeping its bits: on three partitions, a third of the keys go where no other client looks for them.',
    )
    mistake(
      'unsigned-hash',
      partitions.join() === '0,2,0,0,0,1,0,1,2',
      'Read as an unsigned number a negative hash is 2^31 larger than the one Kafka divides, and on three partitions half of the keys go elsewhere.',
    )
    mistake(
      'wrapped-remainder',
      partitions.join() === '0,1,2,2,0,0,0,0,1',
      'Adding the number of partitions to a negative remainder gives a partition that exists, and another one than every other client picks.',
    )
    expect(partitions).toEqual([0, 0, 1, 1, 0, 2, 0, 2, 0])
  },
)

check(
  'same-as-the-client',
  'Two producers agree about a key without talking to each other: 10,000 keys go where kafkajs sends them',
  { after: 'never-negative', about: 'partitionForKey' },
  async ({ answer, random }) => {
    const trials = Array.from({ length: 10_000 }, (): [Buffer, number] => [
      random.bytes(random.int(0, 40)),
      random.int(1, 50),
    ])
    const partitions = await answer.partitionForKey.each(trials)
    const wrong = trials.findIndex(([key, n], at) => partitions[at] !== partitionOfClient(key, n))
    const [key, n] = trials[Math.max(wrong, 0)] as [Buffer, number]
    expect(partitions[Math.max(wrong, 0)], `the bytes ${key.toString('hex')} on ${n} partitions`).toBe(
      partitionOfClient(key, n),
    )
  },
)

check(
  'text-is-bytes',
  'A text and its UTF-8 bytes are the same key',
  { after: 'same-as-the-client', about: 'partitionForKey' },
  async ({ answer, random }) => {
    const bothWays = async (keys: string[]) => ({
      asText: await answer.partitionForKey.each(keys.map((key) => [key, 1009])),
      asBytes: await answer.partitionForKey.each(keys.map((key) => [Buffer.from(key), 1009])),
    })
    const plain = await bothWays(['ORD-1042', 'user-123', ...nineKeys])
    expect(plain.asText).toEqual(plain.asBytes)

    const names = ['Zoë', 'Łódź', '書店', 'ORD-1042-📚', ...Array.from({ length: 50 }, () => random.text(12))]
    const { asText, asBytes } = await bothWays(names)
    mistake(
      'characters-not-bytes',
      asText.join() !== asBytes.join(),
      'Kafka never sees characters: a key is bytes, and a letter like ë is two of them. Keys from other alphabets leave their partition.',
    )
    expect(asText).toEqual(asBytes)
  },
)

check(
  'nine-keys',
  'Nine keys on three partitions need not be three each: a hash is fair only for many keys',
  { after: 'never-negative', about: 'tableOf' },
  async ({ answer }) => {
    const messages = [...nineKeys, ...nineKeys].map((key, at) => ({ key, value: `message ${at}` }))
    const table = await answer.tableOf(messages, 3)
    expect(table).toEqual(Object.fromEntries(nineKeys.map((key) => [key, partitionOfClient(key, 3)])))
  },
)

check(
  'only-null-is-keyless',
  'Only null means "no key": an empty key is hashed like any other',
  { after: 'nine-keys', about: 'tableOf' },
  async ({ answer }) => {
    const keys = ['ORD-001', null, '', 'ORD-002', null]
    const table = await answer.tableOf(
      keys.map((key) => ({ key, value: 'any' })),
      4,
    )
    expect(table).toMatchObject({ 'ORD-001': 0, 'ORD-002': 1 })
    mistake(
      'null-as-text',
      'null' in table,
      'The absence of a key became the text "null": all keyless records would crowd into one partition.',
    )
    mistake(
      'empty-key-is-keyless',
      !('' in table),
      'A key of zero bytes is a key: it has a hash, and its records share a partition as those of any other key do.',
    )
    expect(table).toEqual({ 'ORD-001': 0, 'ORD-002': 1, '': 1 })
  },
)

check(
  'round-robin-deals',
  'A kafkajs producer deals keyless records out one by one, and goes on where the last send stopped',
  { about: 'spreadKeyless' },
  async ({ answer, random }) => {
    const spread = await answer.spreadKeyless.each([
      ['round-robin', [7], 3],
      ['round-robin', [4, 1, 2], 3],
      ['round-robin', [1, 1, 1, 1, 1], 4],
      ['round-robin', [2], 5],
      ['round-robin', [], 3],
    ])
    expect(spread).toEqual([
      [3, 2, 2],
      [3, 2, 2],
      [2, 1, 1, 1],
      [1, 1, 0, 0, 0],
      [0, 0, 0],
    ])
    const sends = Array.from({ length: 20 }, () => random.int(1, 9))
    const afterWholeRounds = await answer.spreadKeyless('round-robin', [...sends, ...sends, ...sends], 3)
    const third = sends.reduce((total, records) => total + records, 0)
    expect(afterWholeRounds, 'three times the same 20 sends on 3 partitions').toEqual([third, third, third])
  },
)

check(
  'sticky-fills-batches',
  'The Java producer keeps the keyless records of one batch together, so partitions need not be even',
  { about: 'spreadKeyless' },
  async ({ answer, random }) => {
    const spread = await answer.spreadKeyless.each([
      ['sticky', [5, 1, 1, 1], 3],
      ['sticky', [9], 3],
      ['sticky', [2, 3], 5],
      ['sticky', [], 3],
    ])
    mistake(
      'round-robin-for-sticky',
      String(spread[0]) === '3,3,2',
      'Record by record is what kafkajs does. The Java producer stopped that in Kafka 2.4, because it cuts one large batch into many small requests.',
    )
    expect(spread).toEqual([
      [6, 1, 1],
      [9, 0, 0],
      [2, 3, 0, 0, 0],
      [0, 0, 0],
    ])
    const oneEach = Array.from({ length: 20 }, () => random.int(1, 1000))
    expect(await answer.spreadKeyless('sticky', oneEach, 20), '20 sends on 20 partitions').toEqual(oneEach)
  },
)
