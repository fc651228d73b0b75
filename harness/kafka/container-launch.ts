import { randomBytes } from 'node:crypto'
import type { StartedTestContainer, WaitStrategy } from 'testcontainers'
import { WorkbookError } from '../errors.ts'
import { freePort } from '../free-port.ts'
import type { Engine } from './engine.ts'
import { endOfLog, withCode } from './jvm-log.ts'
import { CLIENT_PORT, type ContainerNode, KAFKA_IMAGE, kafkaEnvironment } from './kafka-image.ts'
import { LABEL } from './leftovers.ts'
import { nodesUp } from './standing.ts'
import { warmUp } from './warm-up.ts'

const START_MS = 60_000
const ATTEMPTS = 3
const LOG_LINES = 8

/** Nodes in containers that are up. */
export interface Launched {
  /** The engine's ids. */
  ids: string[]
  bootstrap: string
}

/**
 * Starts a container for each node, and waits until Kafka answers. Ports are chosen first, because Kafka has to advertise
 * them. Rejects with WorkbookError when Kafka does not start; nothing is left then.
 */
export async function launch(engine: Engine, root: string, nodes: number): Promise<Launched> {
  const host = await engineHost()
  const address = host === 'localhost' ? '127.0.0.1' : host
  for (let attempt = 1; ; attempt++) {
    const name = `kafka-workbook-${randomBytes(4).toString('hex')}`
    try {
      return await launchOnce(engine, { root, nodes, address, name })
    } catch (error) {
      const own = await engine.containersWith(`${LABEL}.run=${name}`)
      const said = await lastWordsOf(
        engine,
        own.map(({ id }) => id),
      )
      await Promise.allSettled(own.map(({ id }) => engine.remove(id)))
      const networks = await engine.networksWith(`${LABEL}.run=${name}`)
      await Promise.all(networks.map(({ id }) => engine.removeNetwork(id)))
      const message = (error as Error).message
      // Somebody took the port in the moment between.
      if (attempt < ATTEMPTS && /already allocated|already in use/.test(message)) continue
      throw new WorkbookError(
        `Kafka did not start in a container: ${said === null ? message : `${message}\n${said}`}`,
        'Look at the engine (docker ps -a), or use the embedded broker: --broker embedded',
      )
    }
  }
}

/** Where the ports of containers are open, by testcontainers, which looks for an engine in places of its own. */
async function engineHost(): Promise<string> {
  const { getContainerRuntimeClient } = await importTestcontainers()
  try {
    return (await getContainerRuntimeClient()).info.containerRuntime.host
  } catch (error) {
    throw new WorkbookError(
      `Testcontainers finds no container engine: ${(error as Error).message}`,
      'Look at DOCKER_HOST and at ~/.testcontainers.properties, or use the embedded broker: --broker embedded',
    )
  }
}

async function launchOnce(
  engine: Engine,
  { root, nodes, address, name }: { root: string; nodes: number; address: string; name: string },
): Promise<Launched> {
  const labels = { [LABEL]: root, [`${LABEL}.run`]: name }
  const ports = await Promise.all(Array.from({ length: nodes }, freePort))
  const bootstrap = ports.map((port) => `${address}:${port}`).join(',')
  const isCluster = nodes > 1
  if (isCluster) await engine.createNetwork(name, labels)
  const hosts = ports.map((_, index) => (isCluster ? `${name}-${index + 1}` : 'localhost'))
  const started = await allOrError(
    ports.map((port, index) => {
      const node = { id: index + 1, advertised: `${address}:${port}`, hosts }
      return startNode(node, {
        port,
        labels,
        network: isCluster ? name : null,
        wait: untilReady(bootstrap, nodes),
      })
    }),
  )
  await warmUp(bootstrap)
  return { ids: started.map((one) => one.getId()), bootstrap }
}

async function startNode(
  node: ContainerNode,
  {
    port,
    labels,
    network,
    wait,
  }: { port: number; labels: Record<string, string>; network: string | null; wait: WaitStrategy },
): Promise<StartedTestContainer> {
  const { GenericContainer } = await importTestcontainers()
  const container = new GenericContainer(KAFKA_IMAGE)
    .withEnvironment(kafkaEnvironment(node))
    .withExposedPorts({ container: CLIENT_PORT, host: port })
    .withLabels(labels)
    // It outlives this run, so testcontainers' own clean-up (and its image, Ryuk) stays out.
    .withAutoCleanup(false)
    .withWaitStrategy(wait)
  if (network !== null) container.withNetworkMode(network).withName(node.hosts[node.id - 1] as string)
  return container.start()
}

/** All nodes start at once: none of them answers before most are there. Waits for all, also when one fails. */
async function allOrError<T>(starting: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(starting)
  return Promise.all(starting)
}

/** Ready is when all nodes are there and one answers; log lines differ between images. */
function untilReady(bootstrap: string, nodes: number): WaitStrategy {
  return {
    async waitUntilReady(container) {
      const giveUpAt = Date.now() + START_MS
      while ((await nodesUp(bootstrap)) < nodes) {
        const { State } = await container.inspect()
        if (!State.Running) throw new Error(`the container ended with code ${State.ExitCode}`)
        if (Date.now() > giveUpAt) throw new Error(`no answer within ${START_MS / 1000} s`)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
    withStartupTimeout: () => untilReady(bootstrap, nodes),
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => START_MS,
  }
}

/** How containers came to their end: exit code and the end of the log of each one that ended; null while all run. */
export async function lastWordsOf(engine: Engine, ids: readonly string[]): Promise<string | null> {
  const said = await Promise.all(
    ids.map(async (id, index) => {
      const state = await engine.stateOf(id)
      if (state === null) return `The container of node ${index + 1} was removed.`
      if (state.running) return null
      const how = state.outOfMemory ? ' because memory ran out, and it was killed.' : withCode(state.exitCode)
      return `Node ${index + 1} of Kafka ended${how}${endOfLog(await engine.logs(id, LOG_LINES))}`
    }),
  )
  const dead = said.filter((one) => one !== null)
  return dead.length > 0 ? dead.join('\n') : null
}

/** It is an optional dependency: an installation may have left it out. */
async function importTestcontainers(): Promise<typeof import('testcontainers')> {
  try {
    return await import('testcontainers')
  } catch {
    throw new WorkbookError(
      'The package testcontainers is not installed, so no container can be started.',
      'Install it (npm ci --include=optional), or use the embedded broker: --broker embedded',
    )
  }
}
