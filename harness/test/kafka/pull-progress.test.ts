import { expect, onTestFinished, test, vi } from 'vitest'
import { findEngine } from '../../kafka/engine.ts'
import { pullImage } from '../../kafka/lifecycle.ts'
import { type PullEvent, pullError, pullEvents, pullMeter } from '../../kafka/pull-progress.ts'
import { fakeEngine } from './fake-engine.ts'

const IMAGE = 'apache/kafka:4.3.1'
const PULL = 'POST /images/create'

test('events come whole, however the answer is cut', () => {
  const seen: PullEvent[] = []
  const take = pullEvents((event) => seen.push(event))
  for (const part of ['{"status":"Pull', 'ing"}\n{"id":"a"}\r\n{"id"', ':"b"}\n']) take(Buffer.from(part))
  expect(seen).toEqual([{ status: 'Pulling' }, { id: 'a' }, { id: 'b' }])
})

function layer(id: string, status: string, current?: number, total?: number): PullEvent {
  return { id, status, ...(current === undefined ? {} : { progressDetail: { current, total } }) } as PullEvent
}

test('half of the way is fetched, the other half is unpacked, and it never goes back', () => {
  const meter = pullMeter()
  const percents = [
    layer('4.3.1', 'Pulling from apache/kafka'),
    layer('a', 'Pulling fs layer'),
    layer('a', 'Downloading', 50, 100),
    layer('a', 'Download complete'),
    layer('b', 'Downloading', 10, 300),
    layer('b', 'Downloading', 300, 300),
    layer('a', 'Extracting', 50, 100),
    layer('a', 'Pull complete'),
    layer('b', 'Pull complete'),
    { status: 'Digest: sha256:0' },
  ].map(meter)
  expect(percents).toEqual([null, null, 25, 50, 50, 50, 56, 62, 100, 100])
})

test('an image that is here is not fetched again; one that is not is, with every percent once', async () => {
  const routes: Parameters<typeof fakeEngine>[0] = { 'GET /_ping': { status: 200 } }
  const fake = await fakeEngine(routes)
  onTestFinished(fake.close)
  vi.stubEnv('DOCKER_HOST', fake.dockerHost)
  onTestFinished(() => void vi.unstubAllEnvs())
  const events = [
    layer('a', 'Downloading', 10, 100),
    layer('a', 'Downloading', 11, 100),
    layer('a', 'Pull complete'),
  ]
  routes[PULL] = { status: 200, lines: events }
  const percents: number[] = []
  expect(await pullImage((percent) => percents.push(percent))).toBe(true)
  expect(percents).toEqual([5, 100])
  expect(fake.requests.at(-1)).toBe(`${PULL}?fromImage=apache%2Fkafka&tag=4.3.1`)
  routes[`GET /images/${IMAGE}/json`] = { status: 200 }
  expect(await pullImage(() => {})).toBe(false)
})

test.each([
  [200, { error: 'no space left on device' }, /Make room/],
  [200, { error: 'toomanyrequests: You have reached your pull rate limit' }, /has a limit/],
  [500, { message: 'Get "https://registry": dial tcp: lookup registry: no such host' }, /online/],
  [404, { message: 'manifest for apache/kafka:4.3.1 not found' }, /embedded/],
])('%i %j is an explained error', async (status, event, hint) => {
  const fake = await fakeEngine({ 'GET /_ping': { status: 200 }, [PULL]: { status, lines: [event] } })
  onTestFinished(fake.close)
  const engine = await findEngine({ DOCKER_HOST: fake.dockerHost })
  const why = Object.values(event)[0] as string
  await expect(engine?.pull(IMAGE, () => {})).rejects.toThrow(`${IMAGE} could not be fetched: ${why}`)
  expect(pullError(IMAGE, why).hint).toMatch(hint)
})

test('a refusal without a word is an explained error, too', async () => {
  const fake = await fakeEngine({ 'GET /_ping': { status: 200 }, [PULL]: { status: 502 } })
  onTestFinished(fake.close)
  const engine = await findEngine({ DOCKER_HOST: fake.dockerHost })
  await expect(engine?.pull(IMAGE, () => {})).rejects.toThrow('the engine answers with status 502')
})
