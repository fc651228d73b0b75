import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeEngine {
  /** A value for DOCKER_HOST. */
  dockerHost: string
  /** `GET /_ping` and so on, in order. */
  requests: string[]
  close(): Promise<void>
}

/** A container engine that knows only what `routes` says: status and body (or JSON lines) by method and path. Default is 404. */
export async function fakeEngine(
  routes: Record<string, { status: number; body?: unknown; lines?: readonly unknown[] }>,
): Promise<FakeEngine> {
  const requests: string[] = []
  const server = http.createServer((request, response) => {
    const name = `${request.method} ${request.url}`
    requests.push(name)
    const { status, body, lines } = routes[name] ?? routes[name.replace(/\?.*/, '')] ?? { status: 404 }
    response.statusCode = status
    response.end(lines ? lines.map((line) => `${JSON.stringify(line)}\n`).join('') : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    dockerHost: `tcp://127.0.0.1:${port}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
