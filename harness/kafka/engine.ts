import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'

/**
 * A container engine, spoken to directly: its answers decide before testcontainers (0.26 s) is loaded. Every call
 * rejects with WorkbookError when the engine fails to answer.
 */
export interface Engine {
  hasImage(image: string): Promise<boolean>
  /** All containers, running or not, that carry this label. */
  containersWith(label: string): Promise<EngineContainer[]>
  /** Stops and removes a container with its volumes; one that is gone already is fine. */
  remove(id: string): Promise<void>
}

export interface EngineContainer {
  id: string
  labels: Record<string, string>
  createdAtMs: number
}

const ANSWER_MS = 3000

/**
 * The first engine that answers within three seconds, or null. Looks where testcontainers looks: DOCKER_HOST, then
 * the sockets of Docker and of rootless Docker, or the pipe on Windows. TLS and ssh are not spoken.
 */
export async function findEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Engine | null> {
  for (const place of enginePlaces(environment, process.platform).filter(isThere)) {
    const answer = await ask(place, 'GET', '/_ping').catch(() => null)
    if (answer?.status === 200) return engineAt(place)
  }
  return null
}

type Place = { socketPath: string } | { host: string; port: string }

/** Where an engine may listen, best first: where DOCKER_HOST says, or else where engines do on this platform. */
export function enginePlaces(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): Place[] {
  if (environment.DOCKER_HOST) return placeOf(environment.DOCKER_HOST)
  if (platform === 'win32') return [{ socketPath: '//./pipe/docker_engine' }]
  const home = os.homedir()
  return [
    '/var/run/docker.sock',
    path.join(environment.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.()}`, 'docker.sock'),
    path.join(home, '.docker', 'run', 'docker.sock'),
    path.join(home, '.docker', 'desktop', 'docker.sock'),
  ].map((socketPath) => ({ socketPath }))
}

/** A pipe of Windows is no file; whether somebody listens there shows when it is asked. */
function isThere(place: Place): boolean {
  return (
    !('socketPath' in place) || place.socketPath.startsWith('//./pipe/') || fs.existsSync(place.socketPath)
  )
}

/** `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://127.0.0.1:2375`. */
function placeOf(dockerHost: string): Place[] {
  const [, scheme = '', rest = ''] = /^(\w+):\/\/(.*)$/.exec(dockerHost) ?? []
  if (scheme === 'unix' || scheme === 'npipe') return [{ socketPath: rest }]
  if (scheme !== 'tcp' && scheme !== 'http') return []
  const [host = '', port = '2375'] = rest.replace(/\/.*$/, '').split(':')
  return [{ host, port }]
}

function engineAt(place: Place): Engine {
  return {
    async hasImage(image) {
      return (await ask(place, 'GET', `/images/${image}/json`)).status === 200
    },
    async containersWith(label) {
      const filters = encodeURIComponent(JSON.stringify({ label: [label] }))
      const { status, body } = await ask(place, 'GET', `/containers/json?all=1&filters=${filters}`)
      if (status !== 200) throw noAnswer(body)
      const found = JSON.parse(body) as { Id: string; Labels: Record<string, string>; Created: number }[]
      return found.map((one) => ({ id: one.Id, labels: one.Labels, createdAtMs: one.Created * 1000 }))
    },
    async remove(id) {
      await ask(place, 'DELETE', `/containers/${id}?force=1&v=1`, 30_000)
    },
  }
}

function ask(
  place: Place,
  method: string,
  url: string,
  timeoutMs = ANSWER_MS,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      ...place,
      method,
      path: url,
      signal: AbortSignal.timeout(timeoutMs),
      agent: false as const,
    }
    const request = http.request(options, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('error', (error) => reject(noAnswer(error.message)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('error', (error) => reject(noAnswer(error.message)))
    request.end()
  })
}

function noAnswer(why: string): WorkbookError {
  return new WorkbookError(
    `The container engine does not answer as it should: ${why.trim()}`,
    'Restart it, or use the embedded broker: --broker embedded',
  )
}
