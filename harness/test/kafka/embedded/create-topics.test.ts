import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { CreatePartitions } from '../../../kafka/protocol/api/37-create-partitions.ts'
import type { RequestOf } from '../../../kafka/protocol/api.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { freshName, testBroker } from '../test-broker.ts'
import { configs, newTopic } from './requests.ts'

/* Topics by raw requests against a broker of one node, the embedded one unless WORKBOOK_TEST_BROKER names another. */

type NewTopic = RequestOf<typeof CreateTopics>['topics'][number]
type Assignments = NewTopic['assignments']

let broker: Awaited<ReturnType<typeof testBroker>>
let client: Client
const exists = freshName()

beforeAll(async () => {
  broker = await testBroker()
  client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
  await create([newTopic(exists), newTopic(`${exists}.a_b`)])
})

afterAll(async () => {
  client.close()
  await broker.close()
})

async function create(topics: NewTopic[], { validateOnly = false, version = 4 } = {}) {
  const answer = await client.request(CreateTopics, version, { topics, timeoutMs: 10_000, validateOnly })
  const found = answer.topics.map(
    ({ name, errorCode, errorMessage }) => [name, [errorName(errorCode), errorMessage]] as const,
  )
  return new Map(found)
}

async function refusal(name: string, given: Partial<NewTopic> = {}) {
  return (await create([newTopic(name, given)], { validateOnly: true })).get(name)
}

describe('a request that is too large as a whole, tried on Kafka 4.3.1', () => {
  const tooManyPartitions = ['POLICY_VIOLATION', 'Excessively large number of partitions per request.']
  const tooManyRecords = ['POLICY_VIOLATION', 'Unable to perform excessively large batch operation.']
  const sizes: [sizes: number[], answers: unknown[]][] = [
    [[9_999], [['NONE', null]]],
    [[10_000], [tooManyRecords]],
    [
      [5_000, 4_999],
      [tooManyRecords, tooManyRecords],
    ],
    [
      [6_000, 6_000],
      [tooManyPartitions, tooManyPartitions],
    ],
    [
      [9_999, -5, 3],
      [tooManyPartitions, tooManyPartitions, tooManyPartitions],
    ],
  ]
  it.each(sizes)('CreateTopics with %j partitions', async (partitions, answers) => {
    const topics = partitions.map((numPartitions, index) =>
      newTopic(`${freshName()}-${index}`, { numPartitions }),
    )
    const found = await create(topics, { validateOnly: true })
    expect(topics.map(({ name }) => found.get(name))).toEqual(answers)
  })

  it.each([
    [10_001, 'NONE'],
    [10_002, 'UNKNOWN_SERVER_ERROR'],
  ])('CreatePartitions up to %i: %s', async (count, error) => {
    const topics = [{ name: exists, count, assignments: null }]
    const { results } = await client.request(CreatePartitions, 1, {
      topics,
      timeoutMs: 10_000,
      validateOnly: true,
    })
    expect(results.map(({ errorCode }) => errorName(errorCode))).toEqual([error])
  })
})

describe('CreateTopics refuses, in the words of Kafka 4.3.1', () => {
  const characters = "contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
  const names: [name: string, error: string, text: string][] = [
    ['', 'INVALID_TOPIC_EXCEPTION', 'Topic name is invalid: the empty string is not allowed'],
    ['..', 'INVALID_TOPIC_EXCEPTION', "Topic name is invalid: '..' is not allowed"],
    ['a b', 'INVALID_TOPIC_EXCEPTION', `Topic name is invalid: 'a b' ${characters}`],
    ['é', 'INVALID_TOPIC_EXCEPTION', `Topic name is invalid: 'é' ${characters}`],
    [exists, 'TOPIC_ALREADY_EXISTS', `Topic '${exists}' already exists.`],
    [
      `${exists}_a.b`,
      'INVALID_TOPIC_EXCEPTION',
      `Topic '${exists}_a.b' collides with existing topic: ${exists}.a_b`,
    ],
    ['__cluster_metadata', 'INVALID_REQUEST', 'Creation of internal topic __cluster_metadata is prohibited.'],
  ]
  for (const [name, error, text] of names) {
    it(`the name '${name}'`, async () => {
      expect(await refusal(name)).toEqual([error, text])
    })
  }

  it('a name of 250 characters, but not one of 249', async () => {
    const name = freshName().padEnd(249, 'x')
    expect(await refusal(name)).toEqual(['NONE', null])
    const [error] = (await refusal(`${name}x`)) ?? []
    expect(error).toBe('INVALID_TOPIC_EXCEPTION')
  })

  const sizes: [given: Partial<NewTopic>, error: string, text: string][] = [
    [
      { numPartitions: 0 },
      'INVALID_PARTITIONS',
      'Number of partitions was set to an invalid non-positive value.',
    ],
    [
      { replicationFactor: 0, numPartitions: 0 },
      'INVALID_REPLICATION_FACTOR',
      'Replication factor must be larger than 0, or -1 to use the default value.',
    ],
    [
      { replicationFactor: 2 },
      'INVALID_REPLICATION_FACTOR',
      'Unable to replicate the partition 2 time(s): The target replication factor of 2 cannot be reached because only ' +
        '1 broker(s) are registered or some brokers have all their log directories cordoned.',
    ],
    [{ numPartitions: 10_001 }, 'POLICY_VIOLATION', 'Excessively large number of partitions per request.'],
  ]
  for (const [given, error, text] of sizes) {
    it(JSON.stringify(given), async () => {
      expect(await refusal(freshName(), given)).toEqual([error, text])
    })
  }

  const settings: [given: Record<string, string | null>, text: string][] = [
    [{ 'no.such': '1' }, 'Unknown topic config name: no.such'],
    [{ 'retention.ms': 'x', 'no.such': '1' }, 'Unknown topic config name: no.such'],
    [{ 'retention.ms': null }, 'Null value not supported for topic configs: retention.ms'],
    [{ 'retention.ms': 'a' }, 'Invalid value a for configuration retention.ms: Not a number of type LONG'],
    [
      { 'retention.ms': '1.5' },
      'Invalid value 1.5 for configuration retention.ms: Not a number of type LONG',
    ],
    [{ 'retention.ms': '-2' }, 'Invalid value -2 for configuration retention.ms: Value must be at least -1'],
    [
      { 'segment.bytes': '100' },
      'Invalid value 100 for configuration segment.bytes: Value must be at least 1048576',
    ],
    [
      { 'max.message.bytes': '9999999999' },
      'Invalid value 9999999999 for configuration max.message.bytes: Not a number of type INT',
    ],
    [
      { 'min.cleanable.dirty.ratio': '2' },
      'Invalid value 2.0 for configuration min.cleanable.dirty.ratio: Value must be no more than 1',
    ],
    [
      { 'cleanup.policy': 'compact,never' },
      'Invalid value never for configuration cleanup.policy: String must be one of: compact, delete',
    ],
    [
      { preallocate: 'maybe' },
      'Invalid value maybe for configuration preallocate: Expected value to be either true or false',
    ],
  ]
  for (const [given, text] of settings) {
    it(JSON.stringify(given), async () => {
      expect(await refusal(freshName(), { configs: configs(given) })).toEqual(['INVALID_CONFIG', text])
    })
  }

  const byHand = { numPartitions: -1, replicationFactor: -1 }
  const assigned: [assignments: Assignments, given: Partial<NewTopic>, error: string, text: string][] = [
    [
      [{ partitionIndex: 0, brokerIds: [1] }],
      { numPartitions: 1 },
      'INVALID_REQUEST',
      'A manual partition assignment was specified, but numPartitions was not set to -1.',
    ],
    [
      [{ partitionIndex: 0, brokerIds: [1] }],
      { replicationFactor: 1 },
      'INVALID_REQUEST',
      'A manual partition assignment was specified, but replication factor was not set to -1.',
    ],
    [
      [{ partitionIndex: 0, brokerIds: [7] }],
      {},
      'INVALID_REPLICA_ASSIGNMENT',
      'The manual partition assignment includes broker 7, but no such broker is registered.',
    ],
    [
      [{ partitionIndex: 0, brokerIds: [1, 1] }],
      {},
      'INVALID_REPLICA_ASSIGNMENT',
      'The manual partition assignment includes the broker 1 more than once.',
    ],
    [
      [{ partitionIndex: 1, brokerIds: [1] }],
      {},
      'INVALID_REPLICA_ASSIGNMENT',
      'partitions should be a consecutive 0-based integer sequence',
    ],
  ]
  for (const [assignments, given, error, text] of assigned) {
    it(JSON.stringify({ assignments, ...given }), async () => {
      expect(await refusal(freshName(), { ...byHand, ...given, assignments })).toEqual([error, text])
    })
  }
})

describe('CreateTopics', () => {
  it('treats each topic by itself; a name that comes twice fails', async () => {
    const [good, bad, twice] = [freshName(), freshName(), freshName()]
    const answers = await create([
      newTopic(good),
      newTopic(bad, { numPartitions: 0 }),
      newTopic(twice),
      newTopic(twice),
    ])
    expect(answers.get(good)).toEqual(['NONE', null])
    expect(answers.get(bad)?.[0]).toBe('INVALID_PARTITIONS')
    expect(answers.get(twice)).toEqual(['INVALID_REQUEST', 'Duplicate topic name.'])
    await expect.poll(async () => await partitionsOf(good)).toBe(1)
    expect(await partitionsOf(twice)).toBe(0)
  })

  it('creates nothing when it is only to validate', async () => {
    const name = freshName()
    expect(await refusal(name)).toEqual(['NONE', null])
    expect(await partitionsOf(name)).toBe(0)
    expect((await create([newTopic(name)])).get(name)).toEqual(['NONE', null])
  })

  it('takes -1 for the default in version 2, too', async () => {
    const name = freshName()
    await create([newTopic(name, { numPartitions: -1, replicationFactor: -1 })], { version: 2 })
    await expect.poll(async () => await partitionsOf(name)).toBe(1)
  })
})

async function partitionsOf(name: string): Promise<number | undefined> {
  return (await client.metadata([name])).topics[0]?.partitions.length
}

describe('CreatePartitions', () => {
  async function grow(name: string, count: number, assignments: { brokerIds: number[] }[] | null = null) {
    const topics = [{ name, count, assignments }]
    const { results } = await client.request(CreatePartitions, 1, {
      topics,
      timeoutMs: 5000,
      validateOnly: false,
    })
    return results.map(({ errorCode, errorMessage }) => [errorName(errorCode), errorMessage])[0]
  }

  it('makes more, never fewer', async () => {
    const name = freshName()
    await create([newTopic(name, { numPartitions: 2 })])
    const missing = freshName()
    expect(await grow(missing, 3)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION', null])
    expect(await grow(name, 2)).toEqual(['INVALID_PARTITIONS', 'Topic already has 2 partition(s).'])
    const fewer = `The topic ${name} currently has 2 partition(s); 1 would not be an increase.`
    expect(await grow(name, 1)).toEqual(['INVALID_PARTITIONS', fewer])
    const text = 'Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.'
    expect(await grow(name, 4, [{ brokerIds: [1] }])).toEqual(['INVALID_REPLICA_ASSIGNMENT', text])
    expect(await grow(name, 3, [{ brokerIds: [1] }])).toEqual(['NONE', null])
    await expect.poll(async () => await partitionsOf(name)).toBe(3)
  })
})
