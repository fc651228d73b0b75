import { ask, type EngineAddress, type EngineAnswer, enginePlaces, isThere, noAnswer } from './engine-http.ts'
import { type PullEvent, pullError, pullEvents } from './pull-progress.ts'

/**
 * A container engine, spoken to directly: its answers decide before testcontainers (0.26 s) is loaded. Every call
 * rejects with WorkbookError when the engine fails to answer. Rule: Docker Engine API 1.41, which Podman speaks, too.
 */
export interface Engine {
  /** What it is, and how far its clock is ahead of ours, to the second: those of virtual machines may stand still. */
  describe(): Promise<{ name: string; clockAheadMs: number }>
  hasImage(image: string): Promise<boolean>
  /** Fetches an image, and tells what comes. Rejects with WorkbookError when it cannot be had. */
  pull(image: string, onEvent: (event: PullEvent) => void): Promise<void>
  /** All containers, running or not, that carry this label. */
  containersWith(label: string): Promise<EngineContainer[]>
  /** Null for a container that is gone. */
  stateOf(id: string): Promise<ContainerState | null>
  /** The last lines that a container printed; none when it is gone. */
  logs(id: string, lines: number): Promise<string>
  /** SIGKILL, as a crash. */
  kill(id: string): Promise<void>
  /** Stops and removes a container with its volumes; one that is gone already is fine. */
  remove(id: string): Promise<void>
  /** A network in which containers find each other by their names; returns its id. */
  createNetwork(name: string, labels: Record<string, string>): Promise<string>
  networksWith(label: string): Promise<EngineContainer[]>
  /** One that is gone already, or still in use, is fine. */
  removeNetwork(id: string): Promise<void>
}

export interface EngineContainer {
  id: string
  labels: Record<string, string>
  createdAtMs: number
}

interface ContainerState {
  running: boolean
  exitCode: number
  outOfMemory: boolean
}

const SLOW_MS = 30_000
/** Of a removal: there is none of this id, or somebody else removes it at this moment. */
const GONE_OR_GOING = [404, 409]
/** A registry may need a while for its next layer. */
const PULL_SILENCE_MS = 120_000

/** The first engine that answers within three seconds, or null. */
export async function findEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Engine | null> {
  for (const place of enginePlaces(environment, process.platform).filter(isThere)) {
    const answer = await ask(place, 'GET', '/_ping').catch(() => null)
    if (answer?.status === 200) return engineAt(place)
  }
  return null
}

function engineAt(place: EngineAddress): Engine {
  const withLabel = (label: string) => `filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`
  return {
    async describe() {
      const answer = await ask(place, 'GET', '/version')
      const { Version = 'of an unknown version', Components = [] } = read<EngineVersion>(answer)
      const kind = /podman/i.test(Components[0]?.Name ?? '') ? 'Podman' : 'Docker'
      const clockAheadMs = Date.parse(answer.headers.date ?? '') - Date.now()
      return { name: `${kind} ${Version}`, clockAheadMs: Number.isNaN(clockAheadMs) ? 0 : clockAheadMs }
    },
    async hasImage(image) {
      return (await ask(place, 'GET', `/images/${image}/json`)).status === 200
    },
    async pull(image, onEvent) {
      let problem: string | undefined
      const onData = pullEvents((event) => {
        problem ??= event.error ?? event.message
        onEvent(event)
      })
      const at = image.lastIndexOf(':')
      const url = `/images/create?fromImage=${encodeURIComponent(image.slice(0, at))}&tag=${image.slice(at + 1)}`
      const { status } = await ask(place, 'POST', url, { silenceMs: PULL_SILENCE_MS, onData })
      if (status >= 300) problem ??= `the engine answers with status ${status}`
      if (problem !== undefined) throw pullError(image, problem)
    },
    async containersWith(label) {
      const found = read<Listed<number>[]>(
        await ask(place, 'GET', `/containers/json?all=1&${withLabel(label)}`),
      )
      return found.map((one) => ({ id: one.Id, labels: one.Labels, createdAtMs: one.Created * 1000 }))
    },
    async stateOf(id) {
      const answer = await ask(place, 'GET', `/containers/${id}/json`)
      if (answer.status === 404) return null
      const { State } = read<{ State: { Running: boolean; ExitCode: number; OOMKilled: boolean } }>(answer)
      return { running: State.Running, exitCode: State.ExitCode, outOfMemory: State.OOMKilled }
    },
    async logs(id, lines) {
      const answer = await ask(place, 'GET', `/containers/${id}/logs?stdout=1&stderr=1&tail=${lines}`)
      if (answer.status === 404) return ''
      if (answer.status >= 300) throw noAnswer(answer.body.toString())
      return demultiplex(answer.body)
    },
    async kill(id) {
      await ask(place, 'POST', `/containers/${id}/kill`, { silenceMs: SLOW_MS })
    },
    async remove(id) {
      const answer = await ask(place, 'DELETE', `/containers/${id}?force=1&v=1`, { silenceMs: SLOW_MS })
      if (answer.status >= 300 && !GONE_OR_GOING.includes(answer.status))
        throw noAnswer(answer.body.toString())
    },
    async createNetwork(name, labels) {
      const request = { body: { Name: name, Labels: labels }, silenceMs: SLOW_MS }
      return read<{ Id: string }>(await ask(place, 'POST', '/networks/create', request)).Id
    },
    async networksWith(label) {
      const found = read<Listed<string>[]>(await ask(place, 'GET', `/networks?${withLabel(label)}`))
      // Without a time, one counts as old.
      return found.map((one) => ({
        id: one.Id,
        labels: one.Labels,
        createdAtMs: Date.parse(one.Created) || 0,
      }))
    },
    async removeNetwork(id) {
      await ask(place, 'DELETE', `/networks/${id}`, { silenceMs: SLOW_MS })
    },
  }
}

interface EngineVersion {
  Version?: string
  Components?: { Name: string }[]
}

/** Containers tell their age in seconds since 1970, networks in words. */
interface Listed<Time> {
  Id: string
  Labels: Record<string, string>
  Created: Time
}

function read<T>({ status, body }: EngineAnswer): T {
  if (status < 200 || status >= 300) throw noAnswer(body.toString())
  return JSON.parse(body.toString())
}

/**
 * Output of a container without a terminal: frames of a kind (1 standard output, 2 standard error), three zeros, a length
 * in four bytes, and text. Rule: Docker Engine API, "Attach to a container", stream format.
 */
function demultiplex(body: Buffer): string {
  const parts: Buffer[] = []
  let at = 0
  while (at + 8 <= body.length) {
    const end = at + 8 + body.readUInt32BE(at + 4)
    parts.push(body.subarray(at + 8, end))
    at = end
  }
  return Buffer.concat(parts).toString()
}
