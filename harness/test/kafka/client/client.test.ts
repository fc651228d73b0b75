import { afterEach, expect, test } from 'vitest'
import { WorkbookError } from '../../../errors.ts'
import { BrokerError, type Client, connect } from '../../../kafka/client/client.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { DescribeGroups } from '../../../kafka/protocol/api/15-describe-groups.ts'
import { ApiVersions } from '../../../kafka/protocol/api/18-api-versions.ts'
import { type FakeBroker, fakeBroker, type Script } from '../fake-broker.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function broker(script: Script): Promise<FakeBroker> {
  const fake = await fakeBroker(script)
  open.push(fake)
  return fake
}

async function clientOf(bootstrap: string, timeoutMs = 2_000): Promise<Client> {
  const client = await connect(bootstrap, { timeoutMs })
  open.push(client)
  return client
}

/** A cluster of these nodes; the first one is the controller and every group's coordinator. */
function cluster(nodes: { nodeId: number; host: string; port: number }[], more: Script = () => null): Script {
  return (api, request, header) => {
    if (api?.name === 'Metadata') {
      return {
        ...api.response.absent,
        brokers: nodes.map((node) => ({ ...node, rack: null })),
        controllerId: nodes[0]?.nodeId,
      }
    }
    if (api?.name === 'FindCoordinator') return { ...api.response.absent, ...nodes[0] }
    return more(api, request, header)
  }
}

const beat = { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null }

test('several requests are under way at once, and each gets its own answer', async () => {
  const fake = await broker((api, request) =>
    api?.name === 'Heartbeat'
      ? { throttleTimeMs: 0, errorCode: (request as typeof beat).generationId }
      : null,
  )
  const client = await clientOf(fake.bootstrap)
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((generationId) => client.request(Heartbeat, 'highest', { ...beat, generationId })),
  )
  expect(answers.map(({ errorCode }) => errorCode)).toEqual([1, 2, 3, 4, 5])
  expect(fake.connections.size).toBe(1)
})

test('the version is the highest that the broker has, and not above the one that was asked for', async () => {
  const versions: number[] = []
  const fake = await broker((api, _request, header) => {
    if (api?.name === 'ApiVersions') {
      return {
        ...ApiVersions.response.absent,
        apiKeys: [{ apiKey: Heartbeat.key, minVersion: 1, maxVersion: 3 }],
      }
    }
    versions.push(header.apiVersion)
    return { throttleTimeMs: 0, errorCode: 0 }
  })
  const client = await clientOf(fake.bootstrap)
  await client.request(Heartbeat, 'highest', beat)
  await client.request(Heartbeat, 2, beat)
  expect(versions).toEqual([3, 2])
  await expect(client.request(Heartbeat, 0, beat)).rejects.toThrow(
    /Heartbeat: the broker offers versions 1 to 3/,
  )
  const describe = client.request(DescribeGroups, 'highest', {
    groups: [],
    includeAuthorizedOperations: false,
  })
  await expect(describe).rejects.toThrow(BrokerError)
})

test('a request that gets no answer names its API and the address', async () => {
  const fake = await broker(() => null)
  const client = await clientOf(fake.bootstrap, 100)
  const request = client.request(Heartbeat, 4, beat)
  await expect(request).rejects.toThrow(`Heartbeat v4 to ${fake.bootstrap}: no answer within 100 ms`)
  await expect(request).rejects.toThrow(BrokerError)
})

test('a lost connection fails the requests under way, and the next request opens a new one', async () => {
  let lose = true
  const fake = await broker((api) => {
    if (api?.name !== 'Heartbeat') return null
    if (!lose) return { throttleTimeMs: 0, errorCode: 0 }
    lose = false
    for (const socket of fake.connections) socket.destroy()
    return null
  })
  const client = await clientOf(fake.bootstrap)
  await expect(client.request(Heartbeat, 'highest', beat)).rejects.toThrow(`to ${fake.bootstrap}: `)
  expect((await client.request(Heartbeat, 'highest', beat)).errorCode).toBe(0)
})

test('an answer that cannot be read is an error of the broker', async () => {
  const short = Buffer.from([0, 0, 0, 5, 0, 0, 0, 2, 7])
  const fake = await broker((api) => (api?.name === 'Heartbeat' ? short : null))
  const client = await clientOf(fake.bootstrap)
  await expect(client.request(Heartbeat, 0, beat)).rejects.toThrow(BrokerError)
})

test('nothing that answers at any address is told with the next step', async () => {
  const fake = await broker(() => null)
  await fake.close()
  const attempt = connect(`${fake.bootstrap},127.0.0.1:1`, { timeoutMs: 500 })
  await expect(attempt).rejects.toThrow(WorkbookError)
  await expect(attempt).rejects.toMatchObject({ hint: expect.stringContaining('ECONNREFUSED') })
  await expect(connect('nonsense', { timeoutMs: 500 })).rejects.toThrow('"nonsense" is not a broker address')
})

test('the second address is used when the first does not answer', async () => {
  const fake = await broker(cluster([{ nodeId: 7, host: 'kafka.invalid', port: 9092 }]))
  const client = await clientOf(`127.0.0.1:1,${fake.bootstrap}`)
  expect((await client.metadata([])).controllerId).toBe(7)
})

test('a single node is reached at the bootstrap address, whatever it advertises', async () => {
  const nodes = [{ nodeId: 1, host: 'kafka.invalid', port: 9092 }]
  const fake = await broker(
    cluster(nodes, (api) => (api?.name === 'Heartbeat' ? { throttleTimeMs: 0, errorCode: 0 } : null)),
  )
  const client = await clientOf(fake.bootstrap)
  for (const to of ['controller', { nodeId: 1 }, { coordinatorOf: 'g' }] as const) {
    expect((await client.request(Heartbeat, 'highest', beat, to)).errorCode).toBe(0)
  }
})

test('each node has a connection of its own', async () => {
  const heartbeats =
    (code: number): Script =>
    (api) =>
      api?.name === 'Heartbeat' ? { throttleTimeMs: 0, errorCode: code } : null
  const second = await broker(heartbeats(2))
  const nodes = [{ nodeId: 2, host: second.host, port: second.port }]
  const first = await broker(cluster(nodes, heartbeats(1)))
  nodes.push({ nodeId: 1, host: first.host, port: first.port })
  const client = await clientOf(first.bootstrap)
  expect((await client.request(Heartbeat, 'highest', beat)).errorCode).toBe(1)
  expect((await client.request(Heartbeat, 'highest', beat, { nodeId: 2 })).errorCode).toBe(2)
  expect((await client.request(Heartbeat, 'highest', beat, { coordinatorOf: 'g' })).errorCode).toBe(2)
  await expect(client.request(Heartbeat, 'highest', beat, { nodeId: 3 })).rejects.toThrow(
    'Node 3 is not in the cluster',
  )
})
