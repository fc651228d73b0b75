import { once } from 'node:events'
import net from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { parseAddress } from '../../../kafka/client/address.ts'
import { Fetch } from '../../../kafka/protocol/api/01-fetch.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { FindCoordinator } from '../../../kafka/protocol/api/10-find-coordinator.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { readResponse } from '../../../kafka/protocol/api.ts'
import { openWiretap } from '../../../kafka/wiretap/open.ts'
import type { Script } from '../fake-broker.ts'
import {
  alive,
  beat,
  brokerWith,
  closeAll,
  dial,
  laneTo,
  type Nodes,
  open,
  request,
  until,
} from './raw-lane.ts'

afterEach(closeAll)

test('every version of Metadata and FindCoordinator leads back into the lane', async () => {
  const script: Script = (api) =>
    api?.key === FindCoordinator.key
      ? {
          ...FindCoordinator.response.absent,
          nodeId: 1,
          host: 'kafka.invalid',
          port: 9092,
          coordinators: [
            { key: 'g', nodeId: 1, host: 'kafka.invalid', port: 9092, errorCode: 0, errorMessage: null },
          ],
        }
      : null
  const { lane } = await laneTo(await brokerWith(script))
  const { socket, next } = await dial(lane.address)
  const here = parseAddress(lane.address)
  for (let version = Metadata.versions[0]; version <= Metadata.versions[1]; version++) {
    socket.write(request(Metadata, version, version, { ...Metadata.request.absent, topics: [] }))
    const { body } = readResponse(Metadata, version, ((await next()) as Buffer).subarray(4))
    expect(body.brokers).toMatchObject([{ nodeId: 1, ...here }])
  }
  for (let version = FindCoordinator.versions[0]; version <= FindCoordinator.versions[1]; version++) {
    socket.write(request(FindCoordinator, version, version, { key: 'g', keyType: 0, coordinatorKeys: ['g'] }))
    const { body } = readResponse(FindCoordinator, version, ((await next()) as Buffer).subarray(4))
    expect(version < 4 ? body : body.coordinators[0]).toMatchObject(here)
  }
  socket.destroy()
})

test('each node of a cluster has a port of its own, which leads to that node', async () => {
  const nodes: Nodes = []
  const codes =
    (errorCode: number): Script =>
    (api) =>
      api?.key === Heartbeat.key ? { throttleTimeMs: 0, errorCode } : null
  for (const nodeId of [1, 2]) {
    const { host, port } = await brokerWith(codes(nodeId), nodes)
    nodes.push({ nodeId, host, port })
  }
  const wiretap = await openWiretap({ bootstrap: `127.0.0.1:${nodes[0]?.port}` })
  open.push(wiretap)
  const lane = await wiretap.lane('test')
  const { socket, next } = await dial(lane.address)
  socket.write(request(Metadata, 1, 1, { ...Metadata.request.absent, topics: [] }))
  const { body } = readResponse(Metadata, 1, ((await next()) as Buffer).subarray(4))
  socket.destroy()
  expect(body.brokers.map(({ nodeId }) => nodeId)).toEqual([1, 2])
  for (const { nodeId, host, port } of body.brokers) {
    expect(nodes.map((node) => node.port)).not.toContain(port)
    const one = await dial(`${host}:${port}`)
    one.socket.write(request(Heartbeat, 0, 1, beat))
    expect((await one.next())?.readInt16BE(8)).toBe(nodeId)
    one.socket.destroy()
  }
})

test('closing a lane waits for what a client that is gone still had on the way', async () => {
  let answer = () => {}
  const fake = await brokerWith((api, _request, header) => {
    if (api?.key !== Heartbeat.key) return null
    const [socket] = [...fake.connections].slice(-1)
    answer = () => socket?.write(Buffer.from([0, 0, 0, 6, 0, 0, 0, header.correlationId, 0, 0]))
    return null
  })
  const { wiretap, lane } = await laneTo(fake)
  const { socket } = await dial(lane.address)
  socket.write(request(Heartbeat, 0, 1, beat), () => socket.destroySoon())
  const closing = lane.close()
  await until(() => expect(fake.received).toHaveLength(1))
  answer()
  await closing
  expect(wiretap.journal.map(({ response }) => response)).toEqual([{ throttleTimeMs: 0, errorCode: 0 }])
})

test('closing a lane does not wait for a fetch of a client that is gone', async () => {
  // Like a Kafka that holds a fetch back, this node does not look at its connections.
  const mute = net.createServer({ pauseOnConnect: true })
  open.push({ close: () => new Promise((resolve) => mute.close(() => resolve())) })
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const accepted = once(mute, 'connection')
  const { port } = mute.address() as net.AddressInfo
  const nodes = [1, 2].map((nodeId) => ({ nodeId, host: '127.0.0.1', port }))
  const { wiretap, lane } = await laneTo(await brokerWith(alive, nodes))
  const { socket, next } = await dial(lane.address)
  socket.write(request(Metadata, 1, 1, { ...Metadata.request.absent, topics: [] }))
  const { body } = readResponse(Metadata, 1, ((await next()) as Buffer).subarray(4))
  socket.destroy()
  const fetching = await dial(`127.0.0.1:${body.brokers[0]?.port}`)
  fetching.socket.write(request(Fetch, 4, 1, Fetch.request.absent))
  await until(() => expect(wiretap.journal).toHaveLength(2))
  fetching.socket.destroy()
  const startedAt = performance.now()
  await lane.close()
  expect(performance.now() - startedAt).toBeLessThan(1_500)
  for (const one of await accepted) one.destroy()
})

test('closing the wiretap ends every connection, even one that is held back by a fault', async () => {
  const { wiretap, lane } = await laneTo(await brokerWith(alive))
  wiretap.inject({ api: 'Heartbeat', delayMs: 60_000 })
  const { socket, next } = await dial(lane.address)
  socket.write(request(Heartbeat, 0, 1, beat))
  await until(() => expect(wiretap.journal).toHaveLength(1))
  await wiretap.close()
  expect(await next()).toBeUndefined()
})
