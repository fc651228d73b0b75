import { WorkbookError } from '../errors.ts'
import type { Broker } from '../kafka/broker.ts'
import { startJvm } from '../kafka/jvm.ts'
import { openEmbedded } from '../kafka/open-embedded.ts'
import { startBroker } from '../kafka/start.ts'
import type { Demo } from './demo.ts'
import type { Cluster } from './run-demo.ts'

const NODES = 3
/** Three copies, two of which must have a record before it counts. */
const REPLICATED = { 'default.replication.factor': '3', 'min.insync.replicas': '2' }
/** Kafka takes nine seconds to miss a broker; a class need not wait for all of them. */
const MISSED_SOON = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' }
const MISSED_AFTER_MS = 3000

/**
 * The broker for a demo, as `--broker` names it. A demo that stops a node needs nodes of its own: the embedded broker's,
 * or three Java processes. Rejects with WorkbookError when it cannot be had.
 */
export async function startFor(
  demo: Demo,
  spec: string | undefined,
  options: { root: string; foreign?: boolean; onProgress(line: string): void },
): Promise<Broker & Cluster> {
  checkBroker(demo, spec)
  const chosen = chosenBroker(spec)
  if (demo.nodes === 1) return { ...(await startBroker(chosen, options)), stopNode: refuseToStop }
  if (chosen === 'jvm') {
    const broker = await startJvm({ ...options, nodes: NODES, settings: { ...REPLICATED, ...MISSED_SOON } })
    return { ...broker, stopNode: broker.killNode }
  }
  const broker = await openEmbedded({
    nodes: NODES,
    settings: REPLICATED,
    failoverDelayMs: MISSED_AFTER_MS,
  })
  return { ...broker, stopNode: broker.killNode }
}

/** Throws WorkbookError when a demo cannot be played on the broker that `--broker` names. */
export function checkBroker(demo: Demo, spec: string | undefined): void {
  if (demo.nodes === 1 || ['embedded', 'auto', 'jvm'].includes(chosenBroker(spec))) return
  throw new WorkbookError(
    `${demo.name} stops a broker, and needs three of its own.`,
    'Choose --broker embedded, or --broker jvm with Kafka in KAFKA_HOME.',
  )
}

function chosenBroker(spec: string | undefined): string {
  return spec ?? process.env.KAFKA_WORKBOOK_BROKER ?? 'auto'
}

async function refuseToStop(): Promise<never> {
  throw new Error('this demo stops no broker')
}
