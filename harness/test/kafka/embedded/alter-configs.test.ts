import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { DescribeConfigs } from '../../../kafka/protocol/api/32-describe-configs.ts'
import { IncrementalAlterConfigs } from '../../../kafka/protocol/api/44-incremental-alter-configs.ts'
import { errorName } from '../../../kafka/protocol/error-codes.ts'
import { freshName, testBroker } from '../test-broker.ts'
import { newTopics } from './requests.ts'

/* Settings of topics against a broker, the embedded one unless WORKBOOK_TEST_BROKER names another. */

const SET = 0
const DELETE = 1
const APPEND = 2
const SUBTRACT = 3
const TOPIC = 2

let broker: Awaited<ReturnType<typeof testBroker>>
let client: Client
const topic = freshName()

beforeAll(async () => {
  broker = await testBroker()
  client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
  await client.request(CreateTopics, 4, newTopics(topic))
})

afterAll(async () => {
  client.close()
  await broker.close()
})

type Change = [name: string, configOperation: number, value: string | null]

async function alter(changes: Change[], resourceName = topic) {
  const configs = changes.map(([name, configOperation, value]) => ({ name, configOperation, value }))
  const resources = [{ resourceType: TOPIC, resourceName, configs }]
  const { responses } = await client.request(IncrementalAlterConfigs, 0, { resources, validateOnly: false })
  return responses.map(({ errorCode, errorMessage }) => [errorName(errorCode), errorMessage])[0]
}

async function describeOne(name: string) {
  const resources = [{ resourceType: TOPIC, resourceName: topic, configurationKeys: [name] }]
  const request = { resources, includeSynonyms: true, includeDocumentation: false }
  const { results } = await client.request(DescribeConfigs, 3, request)
  return results[0]?.configs[0]
}

const currentValue = async (name: string) => (await describeOne(name))?.value

it('changes one setting and leaves the others', async () => {
  expect(await alter([['retention.ms', SET, '1000']])).toEqual(['NONE', null])
  expect(await alter([['max.message.bytes', SET, '5000']])).toEqual(['NONE', null])
  await expect.poll(() => currentValue('max.message.bytes')).toBe('5000')
  expect(await currentValue('retention.ms')).toBe('1000')
  expect(await alter([['retention.ms', DELETE, null]])).toEqual(['NONE', null])
  await expect.poll(() => currentValue('retention.ms')).toBe('604800000')
})

it('says where a value comes from', async () => {
  await alter([['segment.bytes', SET, '2000000']])
  await expect.poll(() => currentValue('segment.bytes')).toBe('2000000')
  expect(await describeOne('segment.bytes')).toMatchObject({
    readOnly: false,
    configSource: 1,
    configType: 3,
    synonyms: [
      { name: 'segment.bytes', value: '2000000', source: 1 },
      { name: 'log.segment.bytes', value: '1073741824', source: 5 },
    ],
  })
})

it('adds to a list and takes from it', async () => {
  await alter([['cleanup.policy', APPEND, 'compact']])
  await expect.poll(() => currentValue('cleanup.policy')).toBe('delete,compact')
  await alter([['cleanup.policy', SUBTRACT, 'delete']])
  await expect.poll(() => currentValue('cleanup.policy')).toBe('compact')
})

it('refuses what makes no sense, in the words of Kafka', async () => {
  const table: [changes: Change[], error: string, text: string][] = [
    [[['no.such', SET, '1']], 'INVALID_CONFIG', 'Unknown topic config name: no.such'],
    [[['flush.ms', SET, null]], 'INVALID_REQUEST', 'Null value not supported for : flush.ms'],
    [
      [['flush.ms', APPEND, '1']],
      'INVALID_CONFIG',
      "Can't APPEND to key flush.ms because its type is not LIST.",
    ],
    [
      [
        ['flush.ms', SET, '1'],
        ['flush.ms', SET, '2'],
      ],
      'INVALID_REQUEST',
      'Error due to duplicate config keys',
    ],
  ]
  for (const [changes, error, text] of table) expect(await alter(changes)).toEqual([error, text])
  const missing = freshName()
  const text = `The topic '${missing}' does not exist.`
  expect(await alter([['flush.ms', SET, '1']], missing)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION', text])
})
