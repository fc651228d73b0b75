import { describe, expect, it } from 'vitest'
import { HANDLERS } from '../../../kafka/embedded/handlers.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { ApiVersions } from '../../../kafka/protocol/api/18-api-versions.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { uuid } from '../../../kafka/protocol/codec.ts'
import { errorCode } from '../../../kafka/protocol/error-codes.ts'
import { clusterWithoutSockets, type InMemoryClient, inMemoryClient } from './in-memory-client.ts'
import { manualClock } from './manual-clock.ts'
import { fetchFrom, newTopics } from './requests.ts'

const askVersions = { clientSoftwareName: 'test', clientSoftwareVersion: '1' }
const noTopics = { ...Metadata.request.absent, topics: [] }

async function expectServed(client: InMemoryClient): Promise<void> {
  const { errorCode } = await client.call(ApiVersions, 2, askVersions)
  expect(errorCode).toBe(0)
}

/** A request header, as hex: key, version, correlation id 9, client id `test`. */
function header(apiKey: number, version: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeInt16BE(apiKey, 0)
  bytes.writeInt16BE(version, 2)
  bytes.writeInt32BE(9, 4)
  return `${bytes.toString('hex')}0004${Buffer.from('test').toString('hex')}`
}

function frame(hex: string): Buffer {
  const body = Buffer.from(hex, 'hex')
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length, 0)
  return Buffer.concat([length, body])
}

describe('ApiVersions', () => {
  it('advertises exactly what is served', async () => {
    const client = inMemoryClient(clusterWithoutSockets())
    const { apiKeys } = await client.call(ApiVersions, 2, askVersions)
    const served = HANDLERS.map(({ api, versions: [minVersion, maxVersion] }) => ({
      apiKey: api.key,
      minVersion,
      maxVersion,
    }))
    expect(apiKeys).toEqual(served)
    expect(apiKeys).toContainEqual({ apiKey: 0, minVersion: 0, maxVersion: 9 })
  })

  it('answers an unknown version with error 35 in the body of version 0, and goes on', async () => {
    const client = inMemoryClient(clusterWithoutSockets())
    client.write(frame(`${header(18, 9)}00`))
    const { correlationId, body } = await client.answer(ApiVersions, 0)
    expect(correlationId).toBe(9)
    expect(body.errorCode).toBe(errorCode('UNSUPPORTED_VERSION'))
    expect(body.apiKeys).toEqual([{ apiKey: 18, minVersion: 0, maxVersion: 4 }])
    await expectServed(client)
  })

  it('wants a proper client name from version 3 on', async () => {
    const client = inMemoryClient(clusterWithoutSockets())
    const nameless = await client.call(ApiVersions, 3, { ...askVersions, clientSoftwareName: '-x-' })
    expect(nameless.errorCode).toBe(errorCode('INVALID_REQUEST'))
    const named = await client.call(ApiVersions, 4, askVersions)
    expect(named.errorCode).toBe(0)
  })

  it('lists handlers in the order of their keys, each within its grammar but for Produce', () => {
    const keys = HANDLERS.map(({ api }) => api.key)
    expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b))
    for (const { api, versions } of HANDLERS) {
      expect(versions[1]).toBeLessThanOrEqual(api.versions[1])
      if (api.name !== 'Produce') expect(versions[0]).toBeGreaterThanOrEqual(api.versions[0])
    }
  })
})

describe('what Kafka does not understand closes the connection, and no other', () => {
  const hostile: Record<string, Buffer> = {
    'an unknown API': frame(header(999, 0)),
    'a version that is too new': frame(header(3, 99)),
    'Produce 2, although it is advertised (KAFKA-18659)': frame(header(0, 2)),
    'a body that ends too early': frame(`${header(3, 5)}00000005`),
    'an array longer than the frame': frame(`${header(3, 5)}7fffffff`),
    'a header that ends too early': frame('000300'),
    'an empty frame': frame(''),
    'a negative length': Buffer.from('ffffffff', 'hex'),
    'a length above 100 MiB': Buffer.from('7fffffff', 'hex'),
    'a TLS handshake': Buffer.from('16030100c8010000c40303', 'hex'),
  }

  for (const [name, bytes] of Object.entries(hostile)) {
    it(name, async () => {
      const state = clusterWithoutSockets()
      const other = inMemoryClient(state)
      const client = inMemoryClient(state)
      client.write(bytes)
      await client.closed
      expect(client.bugs).toEqual([])
      await expectServed(other)
    })
  }
})

describe('one connection', () => {
  it('answers in the order of the requests: one that waits holds up the next', async () => {
    const clock = manualClock()
    const state = clusterWithoutSockets({ clock })
    const [waiting, other] = [inMemoryClient(state), inMemoryClient(state)]
    await other.call(CreateTopics, 4, newTopics('t'))
    const timersBefore = clock.waiting
    const fetchId = waiting.send(Fetch, 11, fetchFrom('t', 0n, { maxWaitMs: 500 }))
    const metadataId = waiting.send(Metadata, 8, noTopics)
    await expectServed(other)
    await expect.poll(() => clock.waiting).toBe(timersBefore + 1)

    clock.advance(500)
    expect((await waiting.answer(Fetch, 11)).correlationId).toBe(fetchId)
    expect((await waiting.answer(Metadata, 8)).correlationId).toBe(metadataId)
  })

  it('puts a request together from single bytes', async () => {
    const client = inMemoryClient(clusterWithoutSockets())
    for (const byte of frame(header(18, 0))) client.write(Buffer.from([byte]))
    expect((await client.answer(ApiVersions, 0)).correlationId).toBe(9)
  })

  it('reports an error of the broker itself, and closes', async () => {
    const state = clusterWithoutSockets()
    const client = inMemoryClient(state)
    const failure = new Error('a bug')
    state.topics.get = () => {
      throw failure
    }
    client.send(Metadata, 8, { ...noTopics, topics: [{ topicId: uuid.absent, name: 't' }] })
    await client.closed
    expect(client.bugs).toEqual([failure])
  })
})
