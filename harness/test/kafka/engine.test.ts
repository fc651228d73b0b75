import type { AddressInfo } from 'node:net'
import net from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Engine, findEngine } from '../../kafka/engine.ts'
import { fakeEngine } from './fake-engine.ts'

async function engineWith(routes: Parameters<typeof fakeEngine>[0]) {
  const fake = await fakeEngine({ 'GET /_ping': { status: 200 }, ...routes })
  onTestFinished(fake.close)
  return { fake, engine: (await findEngine({ DOCKER_HOST: fake.dockerHost })) as Engine }
}

test('knows whether an image is there', async () => {
  const { engine } = await engineWith({ 'GET /images/apache/kafka:4.3.1/json': { status: 200 } })
  expect(await engine.hasImage('apache/kafka:4.3.1')).toBe(true)
  expect(await engine.hasImage('apache/kafka:3.9.1')).toBe(false)
})

test('lists containers by label, and removes one', async () => {
  const found = [{ Id: 'c1', Labels: { mine: 'yes' }, Created: 1_700_000_000 }]
  const { fake, engine } = await engineWith({ 'GET /containers/json': { status: 200, body: found } })
  expect(await engine.containersWith('mine')).toEqual([
    { id: 'c1', labels: { mine: 'yes' }, createdAtMs: 1_700_000_000_000 },
  ])
  expect(decodeURIComponent(fake.requests.at(-1) as string)).toContain('{"label":["mine"]}')
  await engine.remove('c1')
  expect(fake.requests.at(-1)).toBe('DELETE /containers/c1?force=1&v=1')
})

test('a container that is gone, or just goes, is removed; one that the engine cannot remove is not', async () => {
  const { engine } = await engineWith({
    'DELETE /containers/gone': { status: 404 },
    'DELETE /containers/going': { status: 409 },
    'DELETE /containers/stuck': { status: 500, body: 'device or resource busy' },
  })
  await engine.remove('gone')
  await engine.remove('going')
  await expect(engine.remove('stuck')).rejects.toThrow(/container engine.*device or resource busy/)
})

test('an engine that fails is an explained error', async () => {
  const { engine } = await engineWith({ 'GET /containers/json': { status: 500, body: 'no space left' } })
  await expect(engine.containersWith('mine')).rejects.toThrow(
    /container engine does not answer.*no space left/,
  )
})

test.each(['tcp://127.0.0.1:9', 'unix:///there/is/no/such.sock', 'ssh://somewhere', 'nonsense'])(
  'there is no engine at %s',
  async (dockerHost) => {
    expect(await findEngine({ DOCKER_HOST: dockerHost })).toBeNull()
  },
)

test('an engine that accepts and says nothing is given up after three seconds', async () => {
  const sockets: net.Socket[] = []
  const server = net.createServer((socket) => sockets.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const startedAt = performance.now()
  expect(
    await findEngine({ DOCKER_HOST: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` }),
  ).toBeNull()
  expect(performance.now() - startedAt).toBeLessThan(4000)
})
