import type { WaitStrategy } from 'testcontainers'
import { WorkbookError } from '../errors.ts'
import type { Broker } from './broker.ts'
import { type BrokerFile, readBrokerFile, removeBrokerFile, writeBrokerFile } from './broker-file.ts'
import { connect } from './client/client.ts'
import { type Engine, findEngine } from './engine.ts'
import { freePort } from './free-port.ts'
import { CLIENT_PORT, KAFKA_IMAGE, KAFKA_VERSION, kafkaEnvironment } from './kafka-image.ts'
import { MIN_SESSION_TIMEOUT_MS } from './node-settings.ts'
import { warmUp } from './warm-up.ts'

/** Every container of ours carries it; its value is the folder of the workbook that started it. */
const LABEL = 'kafka-workbook.root'
/** A container is used again for this long, and removed by the first run after that. */
const REUSE_MS = 2 * 60 * 60 * 1000
/** Starting takes some seconds; who is older than this and not in the broker file was left behind. */
const START_MS = 60_000

export interface ContainerOptions {
  root: string
  onProgress(line: string): void
}

/**
 * Real Kafka in a container: the one that an earlier run left, or a new one, which stays for the next runs. Rejects
 * with WorkbookError when no engine answers, the image is not on this machine, or Kafka does not start.
 */
export async function openContainer(options: ContainerOptions): Promise<Broker> {
  return (await reuseContainer(options.root)) ?? startContainer(await requireEngine(), options)
}

/** What the broker file names, when it is young enough and answers. Neither testcontainers nor the engine is needed. */
async function reuseContainer(root: string): Promise<Broker | null> {
  const file = readBrokerFile(root)
  if (file === null || file.image !== KAFKA_IMAGE || isOld(Date.parse(file.startedAt))) return null
  return (await answers(file.bootstrap)) ? brokerOf(file) : null
}

async function startContainer(engine: Engine, { root, onProgress }: ContainerOptions): Promise<Broker> {
  // Testcontainers would pull it, which takes minutes, in silence.
  if (!(await engine.hasImage(KAFKA_IMAGE))) throw imageMissing()
  const startedAt = new Date()
  onProgress(`Starting Kafka ${KAFKA_VERSION} in a container. Quicker, without Docker: --broker embedded`)
  await removeLeftovers(engine, root)
  const { id, bootstrap } = await launch(root)
  const file = { id, image: KAFKA_IMAGE, bootstrap, startedAt: startedAt.toISOString() }
  if (!writeBrokerFile(root, file)) {
    // Another run was quicker: its container serves both.
    const other = await reuseContainer(root)
    if (other) {
      await engine.remove(id)
      return other
    }
  }
  const seconds = ((Date.now() - startedAt.getTime()) / 1000).toFixed(1)
  onProgress(`Kafka is up after ${seconds} s. The next runs use it again, for at most two hours.`)
  return brokerOf(file)
}

async function requireEngine(): Promise<Engine> {
  const engine = await findEngine()
  if (engine) return engine
  throw new WorkbookError(
    'No container engine answers on this machine.',
    'Start Docker (or set DOCKER_HOST), or use the embedded broker: --broker embedded',
  )
}

/** The container that is up for this workbook, and whether it answers; null when there is none. */
export async function brokerStatus(root: string): Promise<(BrokerFile & { answers: boolean }) | null> {
  const file = readBrokerFile(root)
  return file && { ...file, answers: await answers(file.bootstrap) }
}

/** Removes every container of this workbook; returns how many there were. */
export async function stopBroker(root: string): Promise<number> {
  const engine = await requireEngine()
  const own = await engine.containersWith(`${LABEL}=${root}`)
  await Promise.all(own.map(({ id }) => engine.remove(id)))
  removeBrokerFile(root)
  return own.length
}

/** Old containers of any workbook, and what this workbook left without noting it down (an interrupted start). */
async function removeLeftovers(engine: Engine, root: string): Promise<void> {
  const known = readBrokerFile(root)?.id
  removeBrokerFile(root)
  const leftover = (await engine.containersWith(LABEL)).filter(
    ({ id, labels, createdAtMs }) =>
      id === known || isOld(createdAtMs) || (labels[LABEL] === root && Date.now() - createdAtMs > START_MS),
  )
  await Promise.all(leftover.map(({ id }) => engine.remove(id)))
}

/** Starts the container and waits until Kafka answers. The port is chosen first, because Kafka has to advertise it. */
async function launch(root: string): Promise<{ id: string; bootstrap: string }> {
  const { GenericContainer, getContainerRuntimeClient } = await importTestcontainers()
  const { host } = (await getContainerRuntimeClient()).info.containerRuntime
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const bootstrap = `${host === 'localhost' ? '127.0.0.1' : host}:${port}`
    try {
      const started = await new GenericContainer(KAFKA_IMAGE)
        .withEnvironment(kafkaEnvironment(bootstrap))
        .withExposedPorts({ container: CLIENT_PORT, host: port })
        .withLabels({ [LABEL]: root })
        // It outlives this run, so testcontainers' own clean-up (and its image, Ryuk) stays out.
        .withAutoCleanup(false)
        .withWaitStrategy(untilReady(bootstrap))
        .start()
      return { id: started.getId(), bootstrap }
    } catch (error) {
      const message = (error as Error).message
      // Somebody took the port in the moment between.
      if (attempt < 3 && /already allocated|already in use/.test(message)) continue
      throw new WorkbookError(
        `Kafka did not start in a container: ${message}`,
        'Look at the engine (docker ps -a), or use the embedded broker: --broker embedded',
      )
    }
  }
}

/** Ready is when Kafka answers and is warm; log lines differ between images. */
function untilReady(bootstrap: string): WaitStrategy {
  return {
    async waitUntilReady(container) {
      const giveUpAt = Date.now() + START_MS
      while (!(await answers(bootstrap))) {
        const { State } = await container.inspect()
        if (!State.Running) throw new Error(`the container ended with code ${State.ExitCode}`)
        if (Date.now() > giveUpAt) throw new Error(`no answer within ${START_MS / 1000} s`)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      await warmUp(bootstrap)
    },
    withStartupTimeout: () => untilReady(bootstrap),
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => START_MS,
  }
}

async function answers(bootstrap: string): Promise<boolean> {
  try {
    const client = await connect(bootstrap, { timeoutMs: 1000 })
    client.close()
    return true
  } catch {
    return false
  }
}

function brokerOf({ bootstrap }: BrokerFile): Broker {
  return {
    kind: 'container',
    version: KAFKA_VERSION,
    minSessionTimeoutMs: MIN_SESSION_TIMEOUT_MS,
    bootstrap,
    note: null,
    stop: async () => {},
  }
}

function isOld(sinceMs: number): boolean {
  return !(Date.now() - sinceMs < REUSE_MS)
}

function imageMissing(): WorkbookError {
  return new WorkbookError(
    `The image ${KAFKA_IMAGE} is not on this machine.`,
    `Fetch it once: docker pull ${KAFKA_IMAGE}\nOr use the embedded broker: --broker embedded`,
  )
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
