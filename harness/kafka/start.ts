import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import type { Broker } from './broker.ts'
import { MOST_NODES } from './broker-file.ts'
import { readClientProperties } from './client-properties.ts'
import { openCluster } from './cluster.ts'
import { type ContainerOptions, openContainer } from './container.ts'
import { openJvm } from './jvm.ts'
import { openEmbedded } from './open-embedded.ts'

/** A node that died is missed after this, as by a Kafka with its defaults (`broker.session.timeout.ms`). */
const NOTICED_AFTER_MS = 9000

/**
 * The broker that `--broker` names: `auto` (default), `container`, `jvm`, `embedded`, or `HOST:PORT[,HOST:PORT]` or
 * the path of a file of client properties (`*.properties`) for a cluster that runs already. Rejects with WorkbookError when it cannot be had. Slow steps are told to `onProgress`, a line each.
 */
export async function startBroker(spec: string | undefined, options: ContainerOptions): Promise<Broker> {
  checkNodes(options.nodes)
  switch (spec) {
    case undefined:
    case 'auto':
      return openAuto(options)
    case 'container':
      return openContainer(options)
    case 'jvm':
      return openJvm(options)
    case 'embedded':
      return embedded(options)
    default:
      if (spec.endsWith('.properties')) return openFromFile(spec, options)
      if (spec.includes(':')) return openRunning(spec, options)
      throw new WorkbookError(
        `There is no broker "${spec}".`,
        'Choose auto, container, jvm, embedded, or name a running one: 127.0.0.1:9092, or a file client.properties.',
      )
  }
}

/** Throws WorkbookError where so many nodes cannot be had. */
export function checkNodes(nodes = 1): void {
  if (nodes <= MOST_NODES) return
  throw new WorkbookError(
    `A cluster here has 1 to ${MOST_NODES} nodes, not ${nodes}.`,
    'Three show everything.',
  )
}

/** Real Kafka where it can be had at once, else the embedded broker now: nothing is pulled, nobody waits. */
async function openAuto(options: ContainerOptions): Promise<Broker> {
  try {
    return await openContainer(options)
  } catch (error) {
    if (!(error instanceof WorkbookError)) throw error
    return { ...(await embedded(options)), note: `${error.message} Using the embedded Kafka instead.` }
  }
}

function embedded({ nodes = 1 }: ContainerOptions): Promise<Broker> {
  return openEmbedded({ nodes, failoverDelayMs: nodes > 1 ? NOTICED_AFTER_MS : 0 })
}

async function openRunning(bootstrap: string, { nodes, foreign = false }: ContainerOptions): Promise<Broker> {
  refuseNodes(bootstrap, nodes)
  const broker = await openCluster(bootstrap, { foreign })
  return { ...broker, named: { broker: bootstrap, foreign } }
}

async function openFromFile(
  file: string,
  { nodes, foreign = false, onProgress }: ContainerOptions,
): Promise<Broker> {
  refuseNodes(file, nodes)
  const whole = path.resolve(process.env.INIT_CWD ?? '', file)
  const { bootstrap, security, notes } = readClientProperties(whole)
  for (const note of notes) onProgress(note)
  const broker = await openCluster(bootstrap, { foreign, security })
  return { ...broker, named: { broker: whole, foreign } }
}

function refuseNodes(named: string, nodes: number | undefined): void {
  if (nodes === undefined) return
  throw new WorkbookError(
    `--nodes ${nodes} is for brokers that the workbook starts; ${named} runs already.`,
    'Leave one of the two out.',
  )
}
