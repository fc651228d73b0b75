import { WorkbookError } from '../errors.ts'
import type { Broker } from './broker.ts'
import { type BrokerFile, writeBrokerFile } from './broker-file.ts'
import { noteUser } from './broker-users.ts'
import { lastWordsOf, launch } from './container-launch.ts'
import { type Engine, findEngine } from './engine.ts'
import { KAFKA_IMAGE, KAFKA_VERSION } from './kafka-image.ts'
import { removeLeftovers, removeNoted } from './leftovers.ts'
import { MIN_SESSION_TIMEOUT_MS } from './node-settings.ts'
import { findStanding } from './standing.ts'

export interface ContainerOptions {
  /** The folder of the workbook. */
  root: string
  /** How many nodes the cluster has, each in a container of its own; 1 by default. */
  nodes?: number | undefined
  /** Whether a cluster that is named may be on another machine. */
  foreign?: boolean | undefined
  onProgress(line: string): void
}

/**
 * Real Kafka in containers: those that an earlier run left, or new ones, which stay for the next runs. Rejects
 * with WorkbookError when no engine answers, the image is not on this machine, or Kafka does not start.
 */
export async function openContainer(options: ContainerOptions): Promise<Broker> {
  return (await reuseContainer(options)) ?? startContainer(await requireEngine(), options)
}

/** What the broker file names, when it is young enough and answers. Neither testcontainers nor the engine is needed. */
async function reuseContainer({ root, nodes = 1 }: ContainerOptions): Promise<Broker | null> {
  const file = await findStanding(root, { kind: 'container', nodes, version: KAFKA_VERSION })
  return file && brokerOf(root, file)
}

async function startContainer(engine: Engine, options: ContainerOptions): Promise<Broker> {
  const { root, nodes = 1, onProgress } = options
  // Testcontainers would pull it, which takes minutes, in silence.
  if (!(await engine.hasImage(KAFKA_IMAGE))) throw imageMissing()
  const startedAt = new Date()
  const where = nodes === 1 ? 'in a container' : `in ${nodes} containers`
  onProgress(`Starting Kafka ${KAFKA_VERSION} ${where}. Quicker, without Docker: --broker embedded`)
  try {
    await removeNoted(engine, root, nodes)
    await removeLeftovers(engine, root)
  } catch (error) {
    // What stays is in nobody's way, and the next start tries again.
    onProgress((error as Error).message)
  }
  const { ids, bootstrap } = await launch(engine, root, nodes)
  const file: BrokerFile = {
    kind: 'container',
    nodes: ids,
    version: KAFKA_VERSION,
    bootstrap,
    startedAt: startedAt.toISOString(),
  }
  if (writeBrokerFile(root, file) === null) {
    // Another run was quicker: its containers serve both.
    const other = await reuseContainer(options)
    if (other) {
      await Promise.allSettled(ids.map((id) => engine.remove(id)))
      return other
    }
  }
  const seconds = ((Date.now() - startedAt.getTime()) / 1000).toFixed(1)
  onProgress(`Kafka is up after ${seconds} s. The next runs use it again, for at most two hours.`)
  return brokerOf(root, file)
}

/** The engine of this machine. Rejects with WorkbookError when none answers. */
export async function requireEngine(): Promise<Engine> {
  const engine = await findEngine()
  if (engine) return engine
  throw new WorkbookError(
    'No container engine answers on this machine.',
    'Start Docker (or set DOCKER_HOST), or use the embedded broker: --broker embedded',
  )
}

/** Used by this process from now on, until it is stopped; the containers stay up then. */
function brokerOf(root: string, { bootstrap, nodes, version }: BrokerFile): Broker {
  const uses = nodes.map((id) => noteUser(root, id))
  return {
    kind: 'container',
    version,
    minSessionTimeoutMs: MIN_SESSION_TIMEOUT_MS,
    bootstrap,
    note: null,
    async stop() {
      for (const takeBack of uses) takeBack()
    },
    async lastWords() {
      const engine = await findEngine()
      return engine ? lastWordsOf(engine, nodes) : 'The container engine does not answer any more.'
    },
    async killNode(id) {
      const container = nodes[id - 1]
      if (container !== undefined) await (await requireEngine()).kill(container)
    },
  }
}

function imageMissing(): WorkbookError {
  return new WorkbookError(
    `The image ${KAFKA_IMAGE} is not on this machine.`,
    'Fetch it once: npm run broker pull\nOr use the embedded broker: --broker embedded',
  )
}
