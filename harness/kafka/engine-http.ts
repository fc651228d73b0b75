import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'

const ANSWER_MS = 3000

/** Where an engine listens. */
export type EngineAddress = { socketPath: string } | { host: string; port: string }

export interface EngineAnswer {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
}

export interface EngineRequest {
  /** Goes as JSON. */
  body?: unknown
  /** How long nothing may come before it is given up; 3 seconds by default. */
  silenceMs?: number
  /** Gets the answer's body piece by piece, as it comes; what it throws is the engine's error. */
  onData?(part: Buffer): void
}

/**
 * Where engines are looked for, in the order of testcontainers: DOCKER_HOST, then the sockets of Docker and of rootless
 * Docker, or the pipe on Windows. TLS and ssh are not spoken.
 */
export function enginePlaces(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): EngineAddress[] {
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
export function isThere(place: EngineAddress): boolean {
  return (
    !('socketPath' in place) || place.socketPath.startsWith('//./pipe/') || fs.existsSync(place.socketPath)
  )
}

/** `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://127.0.0.1:2375`. */
function placeOf(dockerHost: string): EngineAddress[] {
  const [, scheme = '', rest = ''] = /^(\w+):\/\/(.*)$/.exec(dockerHost) ?? []
  if (scheme === 'unix' || scheme === 'npipe') return [{ socketPath: rest }]
  if (scheme !== 'tcp' && scheme !== 'http') return []
  const [host = '', port = '2375'] = rest.replace(/\/.*$/, '').split(':')
  return [{ host, port }]
}

/** One request to an engine. Rejects with WorkbookError when it does not answer. */
export function ask(
  place: EngineAddress,
  method: string,
  url: string,
  { body, silenceMs = ANSWER_MS, onData }: EngineRequest = {},
): Promise<EngineAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(noAnswer(error.message))
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const options = { ...place, method, path: url, headers, agent: false as const, timeout: silenceMs }
    const request = http.request(options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => {
        if (!onData) {
          parts.push(part)
          return
        }
        try {
          onData(part)
        } catch (error) {
          fail(error as Error)
          request.destroy()
        }
      })
      response.on('error', fail)
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) })
      })
    })
    request.on('timeout', () => request.destroy(new Error(`nothing came for ${silenceMs / 1000} s`)))
    request.on('error', fail)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** The error of an engine that says no, or nothing. */
export function noAnswer(why: string): WorkbookError {
  return new WorkbookError(
    `The container engine does not answer as it should: ${why.trim()}`,
    'Restart it, or use the embedded broker: --broker embedded',
  )
}
