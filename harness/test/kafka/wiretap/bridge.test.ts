import net from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { parseAddress } from '../../../kafka/client/address.ts'
import { Produce } from '../../../kafka/protocol/api/00-produce.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { ApiVersions } from '../../../kafka/protocol/api/18-api-versions.ts'
import { readResponse } from '../../../kafka/protocol/api.ts'
import { strip } from '../../../kafka/wiretap/strip.ts'
import { alive, beat, brokerWith, closeAll, dial, laneTo, request, until } from './raw-lane.ts'

afterEach(closeAll)

function correlationIds(answers: (Buffer | undefined)[]): (number | undefined)[] {
  return answers.map((frame) => frame?.readInt32BE(4))
}

test('requests in pieces and in one piece arrive as they were sent', async () => {
  const fake = await brokerWith(alive)
  const { lane } = await laneTo(fake)
  const { socket, next } = await dial(lane.address)
  const sent = [1, 2, 3].map((id) => request(Heartbeat, 4, id, beat))
  const bytes = Buffer.concat(sent)
  for (const byte of bytes.subarray(0, 20)) socket.write(Buffer.from([byte]))
  socket.write(bytes.subarray(20))
  expect(correlationIds([await next(), await next(), await next()])).toEqual([1, 2, 3])
  expect(fake.received).toEqual(sent)
  socket.destroy()
})

test('an answer that the wiretap gives by itself waits for those before it', async () => {
  let release = () => {}
  const fake = await brokerWith((api) => {
    if (api?.key !== Heartbeat.key) return null
    const [socket] = [...fake.connections].slice(-1)
    release = () => socket?.write(Buffer.from([0, 0, 0, 6, 0, 0, 0, 1, 0, 0]))
    return null
  })
  const { wiretap, lane } = await laneTo(fake)
  const { socket, next } = await dial(lane.address)
  socket.write(request(Heartbeat, 0, 1, beat))
  await until(() => expect(fake.received).toHaveLength(1))
  wiretap.inject({ api: 'Heartbeat', error: 'REBALANCE_IN_PROGRESS' })
  socket.write(request(Heartbeat, 0, 2, beat))
  await until(() =>
    expect(wiretap.journal.map(({ responseAtMs }) => responseAtMs !== null)).toEqual([false, true]),
  )
  release()
  const answers = [await next(), await next()]
  expect(correlationIds(answers)).toEqual([1, 2])
  expect(answers.map((frame) => frame?.readInt16BE(8))).toEqual([0, 27])
  expect(fake.received).toHaveLength(1)
  socket.destroy()
})

test('an API outside of the grammar passes unread, and the journal says so', async () => {
  const answer = Buffer.from([0, 0, 0, 6, 0, 0, 0, 9, 1, 2])
  const fake = await brokerWith((api, _request, header) =>
    header.apiKey === 999 ? answer : alive(api, null, header),
  )
  const { wiretap, lane } = await laneTo(fake)
  const { socket, next } = await dial(lane.address)
  const frame = request({ ...Heartbeat, key: 999 }, 0, 9, beat)
  socket.write(Buffer.concat([frame, request(Heartbeat, 0, 10, beat)]))
  expect(await next()).toEqual(answer)
  expect(correlationIds([await next()])).toEqual([10])
  expect(fake.received[0]).toEqual(frame)
  expect(strip(wiretap.journal)[0]).toMatchObject({
    api: 'API 999',
    text: 'API key 999 is not in the grammar',
  })
  socket.destroy()
})

test('a body that cannot be read passes, too; the broker judges it', async () => {
  const fake = await brokerWith(() => null)
  const { wiretap, lane } = await laneTo(fake)
  const { socket, next } = await dial(lane.address)
  const broken = request(Heartbeat, 0, 1, beat)
  broken.writeInt16BE(999, broken.indexOf(Buffer.from('raw')) + 3)
  socket.write(broken)
  // The fake broker cannot read it either and closes the connection, as Kafka does.
  expect(await next()).toBeUndefined()
  expect(fake.received).toEqual([broken])
  expect(wiretap.journal[0]?.unread).toMatch(/^the request could not be read: /)
})

test.each([
  ['a negative length', [0xff, 0xff, 0xff, 0xff]],
  ['a length of 2 GiB', [0x7f, 0xff, 0xff, 0xff]],
  ['HTTP', [...Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
])('%s closes that connection and no other', async (_name, bytes) => {
  const fake = await brokerWith(alive)
  const { wiretap, lane } = await laneTo(fake)
  const [good, bad] = [await dial(lane.address), await dial(lane.address)]
  bad.socket.write(Buffer.from(bytes))
  expect(await bad.next()).toBeUndefined()
  expect(wiretap.journal[0]?.unread).toMatch(/^the connection was closed: a frame of -?\d+ bytes$/)
  good.socket.write(request(Heartbeat, 0, 5, beat))
  expect(correlationIds([await good.next()])).toEqual([5])
  good.socket.destroy()
})

test('an empty frame is handed on like any other', async () => {
  const fake = await brokerWith(alive)
  const { wiretap, lane } = await laneTo(fake)
  const { socket, next } = await dial(lane.address)
  socket.write(Buffer.alloc(4))
  expect(await next()).toBeUndefined()
  expect(wiretap.journal[0]?.api).toBe('unreadable')
})

test('a broker that answers nonsense closes that connection only', async () => {
  const fake = await brokerWith((api) => (api?.key === Heartbeat.key ? Buffer.from([0xff, 0, 0, 0]) : null))
  const { lane } = await laneTo(fake)
  const { socket, next } = await dial(lane.address)
  socket.write(request(Heartbeat, 0, 1, beat))
  expect(await next()).toBeUndefined()
  const second = await dial(lane.address)
  second.socket.write(request(ApiVersions, 0, 2, {}))
  expect(correlationIds([await second.next()])).toEqual([2])
  second.socket.destroy()
})

test('ApiVersions offers only what both the broker and the grammar have', async () => {
  const apiKeys = [
    { apiKey: Produce.key, minVersion: 0, maxVersion: 13 },
    { apiKey: Heartbeat.key, minVersion: 1, maxVersion: 9 },
    { apiKey: 999, minVersion: 0, maxVersion: 1 },
  ]
  const fake = await brokerWith((api, _request, header) =>
    api?.key === ApiVersions.key && header.clientId === 'raw'
      ? { ...ApiVersions.response.absent, apiKeys }
      : null,
  )
  const { lane } = await laneTo(fake)
  const { socket, next } = await dial(lane.address)
  socket.write(request(ApiVersions, 2, 1, {}))
  const { body } = readResponse(ApiVersions, 2, ((await next()) as Buffer).subarray(4))
  expect(body.apiKeys).toEqual([
    { apiKey: Produce.key, minVersion: 0, maxVersion: Produce.versions[1] },
    { apiKey: Heartbeat.key, minVersion: 1, maxVersion: Heartbeat.versions[1] },
  ])
  socket.destroy()
})

test('a version of ApiVersions that the grammar lacks is answered as KIP-511 says', async () => {
  const fake = await brokerWith(alive)
  const { lane } = await laneTo(fake)
  const { socket, next } = await dial(lane.address)
  socket.write(request(ApiVersions, 99, 1, { clientSoftwareName: 'x', clientSoftwareVersion: '1' }))
  const { body } = readResponse(ApiVersions, 0, ((await next()) as Buffer).subarray(4))
  expect(body.errorCode).toBe(35)
  expect(body.apiKeys).toEqual([
    { apiKey: ApiVersions.key, minVersion: 0, maxVersion: ApiVersions.versions[1] },
  ])
  expect(fake.received).toEqual([])
  socket.destroy()
})

test('a client that does not read slows the broker down instead of filling the memory', async () => {
  const big = Buffer.alloc(1024 * 1024)
  const answers = 32
  const fake = await brokerWith((_api, _request, header) => {
    if (header.apiKey !== 999) return null
    const frame = Buffer.concat([Buffer.alloc(8), big])
    frame.writeInt32BE(frame.length - 4, 0)
    frame.writeInt32BE(header.correlationId, 4)
    return frame
  })
  const { lane } = await laneTo(fake)
  const socket = net.connect(parseAddress(lane.address))
  socket.pause()
  for (let id = 0; id < answers; id++) socket.write(request({ ...Heartbeat, key: 999 }, 0, id, beat))
  await until(() => expect(fake.received).toHaveLength(answers))
  const [upstream] = [...fake.connections].slice(-1)
  await until(() => expect(upstream?.writableLength).toBeGreaterThan((answers / 2) * big.length))
  let bytes = 0
  for await (const piece of socket) {
    bytes += piece.length
    if (bytes === answers * (big.length + 8)) break
  }
  expect(bytes).toBe(answers * (big.length + 8))
})

test('of a client that never stops asking, only so many requests are taken before the first is answered', async () => {
  const fake = await brokerWith(() => null)
  const { wiretap, lane } = await laneTo(fake)
  const { socket } = await dial(lane.address)
  const many = Array.from({ length: 5_000 }, (_, id) => request(Heartbeat, 0, id, beat))
  socket.write(Buffer.concat(many))
  await until(() => expect(fake.received).toHaveLength(1_000))
  const [upstream] = [...fake.connections].slice(-1)
  // What the broker answers next makes room again.
  upstream?.write(Buffer.from([0, 0, 0, 6, 0, 0, 0, 0, 0, 0]))
  await until(() => expect(fake.received).toHaveLength(1_001))
  expect(wiretap.journal).toHaveLength(1_001)
  socket.destroy()
})
