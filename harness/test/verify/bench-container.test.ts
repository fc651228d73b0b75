import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { LABEL } from '../../kafka/leftovers.ts'
import { containerStart } from '../../verify/bench-container.ts'
import { fakeEngine } from '../kafka/fake-engine.ts'

afterEach(() => void vi.unstubAllEnvs())

test('a bench of the container asks for its own only, and removes no other', async () => {
  const mine = { Id: 'mine', Labels: {}, Created: 0 }
  const engine = await fakeEngine({
    'GET /_ping': { status: 200 },
    'GET /containers/json': { status: 200, body: [mine] },
    'GET /networks': { status: 200, body: [] },
    'DELETE /containers/mine': { status: 204 },
  })
  vi.stubEnv('DOCKER_HOST', engine.dockerHost)
  const start = containerStart()
  expect(await start.time(() => {})).toMatchObject({
    message: expect.stringContaining('is not on this machine'),
  })
  await start.remove()
  await engine.close()
  const filters = engine.requests.flatMap((one) => /filters=(.*)$/.exec(decodeURIComponent(one))?.[1] ?? [])
  const roots = filters.map((one) => JSON.parse(one).label[0].slice(`${LABEL}=`.length))
  expect(roots).toHaveLength(2)
  for (const root of roots) {
    expect(path.basename(root)).toMatch(/^workbook-bench-/)
    expect(existsSync(root)).toBe(false)
  }
})
