import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { parseAddress } from '../../../kafka/client/address.ts'
import { type EmbeddedBroker, startEmbedded } from '../../../kafka/embedded/start.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { ApiVersions } from '../../../kafka/protocol/api/18-api-versions.ts'
import { CreateTopics } from '../../../kafka/protocol/api/19-create-topics.ts'
import { writeRequest } from '../../../kafka/protocol/api.ts'
import { frames } from '../../../kafka/protocol/frames.ts'
import { writeBatch } from '../../../kafka/protocol/record-batch.ts'
import { fuzz } from '../../../verify/fuzz/fuzz.ts'
import { readHexFrames, replay, showFrames } from '../../../verify/fuzz/replay.ts'
import { clusterWithoutSockets, inMemoryClient } from './in-memory-client.ts'
import { manualClock } from './manual-clock.ts'
import { fetchFrom, newTopics, produceTo, record } from './requests.ts'

const open: EmbeddedBroker[] = []
afterEach(async () => {
  for (const broker of open.splice(0)) await broker.close()
})

async function start(options: Parameters<typeof startEmbedded>[0]): Promise<EmbeddedBroker> {
  const broker = await startEmbedded(options)
  open.push(broker)
  return broker
}

const askVersions = writeRequest(
  ApiVersions,
  { apiVersion: 0, correlationId: 1, clientId: 'raw' },
  ApiVersions.request.absent,
)

/** A connection, and a way to see whether the broker answers on it. */
function dial({ bootstrap }: EmbeddedBroker) {
  const socket = net.connect(parseAddress(bootstrap))
  socket.on('error', () => {})
  const answers = frames(socket)
  async function isServed(): Promise<boolean> {
    socket.write(askVersions)
    const answer = await answers.next().catch(() => null)
    return answer?.done === false
  }
  return { socket, isServed }
}

describe.each(['max.connections', 'max.connections.per.ip'])('%s', (name) => {
  it('a connection too many is closed; the others stay, and one that leaves makes room', async () => {
    const broker = await start({ settings: { [name]: '2' } })
    const [first, second] = [dial(broker), dial(broker)]
    expect([await first.isServed(), await second.isServed()]).toEqual([true, true])
    expect(await dial(broker).isServed()).toBe(false)
    first.socket.destroy()
    await expect.poll(() => dial(broker).isServed()).toBe(true)
    expect(await second.isServed()).toBe(true)
  })
})

describe('connections.max.idle.ms', () => {
  it('ends a connection on which nothing moves, and no other', async () => {
    const clock = manualClock()
    const state = clusterWithoutSockets({ clock, settings: { 'connections.max.idle.ms': '1000' } })
    const [idle, busy] = [inMemoryClient(state), inMemoryClient(state)]
    clock.advance(600)
    await busy.call(ApiVersions, 0, ApiVersions.request.absent)
    clock.advance(600)
    await idle.closed
    await busy.call(ApiVersions, 0, ApiVersions.request.absent)
    clock.advance(1000)
    await busy.closed
  })

  it('never, when it is negative', async () => {
    const clock = manualClock()
    const state = clusterWithoutSockets({ clock, settings: { 'connections.max.idle.ms': '-1' } })
    const client = inMemoryClient(state)
    clock.advance(30 * 24 * 3_600_000)
    await client.call(ApiVersions, 0, ApiVersions.request.absent)
  })
})

describe('a client that goes, or does not read', () => {
  it('leaves no fetch behind that waits for weeks', async () => {
    const clock = manualClock()
    const state = clusterWithoutSockets({ clock, settings: { 'connections.max.idle.ms': '60000' } })
    const ownTimers = clock.waiting
    await inMemoryClient(state).call(CreateTopics, 4, newTopics('t'))
    clock.advance(120_000)
    await expect.poll(() => clock.waiting).toBe(ownTimers)
    const client = inMemoryClient(state)
    client.send(Fetch, 11, fetchFrom('t', 0n, { maxWaitMs: 2 ** 31 - 1 }))
    await expect.poll(() => clock.waiting).toBe(ownTimers + 2)
    clock.advance(60_000)
    await client.closed
    await expect.poll(() => clock.waiting).toBe(ownTimers)
  })

  it('gets no further answers made before it reads: each of them is 500 KB', async () => {
    const state = clusterWithoutSockets()
    const other = inMemoryClient(state)
    await other.call(CreateTopics, 4, newTopics('t'))
    const batch = writeBatch({ records: [record(null, 'x'.repeat(500_000))] })
    await other.call(Produce, 7, produceTo('t', batch))
    const { partition } = state.topics
    let reads = 0
    state.topics.partition = (...args) => {
      reads += 1
      return partition.apply(state.topics, args)
    }
    const mute = inMemoryClient(state)
    for (let left = 100; left > 0; left--) mute.send(Fetch, 11, fetchFrom('t', 0n))
    await expect.poll(() => reads).toBeGreaterThan(0)
    await other.call(ApiVersions, 0, ApiVersions.request.absent)
    expect(reads).toBeLessThanOrEqual(2)
    for (let left = 100; left > 0; left--) await mute.answer(Fetch, 11)
    expect(reads).toBe(100)
  })
})

describe('mutated frames', () => {
  const recordedFile = fileURLToPath(new URL('../protocol/recorded/4.3.1.json', import.meta.url))

  it('20,000 of them: no error of the broker, nothing left behind, and a neighbour that notices nothing', async () => {
    const figures = await fuzz({ frames: 20_000, seed: 4181, recordedFile })
    expect(figures.finds.map(({ what }) => what)).toEqual([])
    expect(figures.frames).toBeGreaterThanOrEqual(20_000)
    expect(figures.overTcp).toBeGreaterThan(500)
    expect(figures.neighbour.records).toBeGreaterThanOrEqual(10)
    const outcomes = Object.values(figures.byKind)
    for (const outcome of ['answered', 'closed', 'waiting'] as const) {
      expect(
        outcomes.some((one) => one[outcome] > 0),
        outcome,
      ).toBe(true)
    }
  }, 300_000)

  it('frames of a find can be sent again', async () => {
    const text = showFrames([askVersions, Buffer.from('ffffffff', 'hex')])
    expect(await replay(readHexFrames(text))).toEqual({ outcomes: ['answered', 'closed'], bugs: [] })
  })
})
