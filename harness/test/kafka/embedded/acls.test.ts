import kafkajs, { type Admin, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, connect } from '../../../kafka/client/client.ts'
import { CreateAcls } from '../../../kafka/protocol/api/30-create-acls.ts'
import { testBroker } from '../test-broker.ts'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

let broker: Awaited<ReturnType<typeof testBroker>>
let admin: Admin

beforeAll(async () => {
  broker = await testBroker()
  admin = new Kafka({
    brokers: [broker.bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  }).admin()
  await admin.connect()
})

afterAll(async () => {
  await admin.disconnect()
  await broker.close()
})

const rule = {
  resourceType: AclResourceTypes.TOPIC,
  resourceName: 'orders',
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: 'User:reader',
  host: '*',
  operation: AclOperationTypes.READ,
  permissionType: AclPermissionTypes.ALLOW,
}

describe('access control without an authorizer, by kafkajs', () => {
  const disabled = { name: 'KafkaJSProtocolError', type: 'SECURITY_DISABLED', code: 54 }

  it('is SECURITY_DISABLED, whatever is asked for', async () => {
    await expect(admin.describeAcls(rule)).rejects.toMatchObject(disabled)
    await expect(admin.createAcls({ acl: [rule] })).rejects.toMatchObject(disabled)
    await expect(admin.deleteAcls({ filters: [rule] })).rejects.toMatchObject(disabled)
  })
})

describe('CreateAcls', () => {
  async function request<T>(ask: (client: Client) => Promise<T>): Promise<T> {
    const client = await connect(broker.bootstrap, { timeoutMs: 5000 })
    try {
      return await ask(client)
    } finally {
      client.close()
    }
  }

  it.each([1, 3])('version %i answers each rule, in the words of the controller', async (version) => {
    const refused = { errorCode: 54, errorMessage: 'No Authorizer is configured.' }
    const answer = await request((client) => client.request(CreateAcls, version, { creations: [rule, rule] }))
    expect(answer).toEqual({ throttleTimeMs: 0, results: [refused, refused] })
  })

  it('does not look at codes that are too high', async () => {
    const creations = [{ ...rule, resourceType: 99, operation: 99 }]
    const { results } = await request((client) => client.request(CreateAcls, 1, { creations }))
    expect(results).toHaveLength(1)
  })

  it.each([{ resourceType: 0 }, { resourcePatternType: 0 }, { operation: 0 }, { permissionType: 0 }])(
    'closes the connection on %o',
    async (given) => {
      const creations = [{ ...rule, ...given }]
      await expect(request((client) => client.request(CreateAcls, 1, { creations }))).rejects.toThrow(
        'closed the connection',
      )
    },
  )
})
