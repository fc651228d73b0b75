import type { Handler } from '../../kafka/embedded/handler.ts'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { startJvm } from '../../kafka/jvm.ts'
import type { NodeSettings } from '../../kafka/node-settings.ts'
import type { Target } from './run.ts'

/**
 * What every broker under comparison is told, beside what the workbook tells Kafka anyway (kafka/node-settings.ts): it makes
 * errors reachable that need a limit, and times short.
 */
const SETTINGS: NodeSettings = {
  'auto.create.topics.enable': 'true',
  'num.partitions': '2',
  'group.max.size': '4',
  'group.max.session.timeout.ms': '60000',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '100',
  'offset.metadata.max.bytes': '100',
}

/** What a cluster of several nodes is told beside that. */
const SEVERAL_NODES: NodeSettings = { 'auto.create.topics.enable': 'false' }

/** On brokers that are fresh, names are the same on every run: the order of some answers of Kafka hangs on their hashes. */
const PREFIX = 'wb-parity-'

/** A broker under comparison. */
export interface Contestant {
  target: Target
  stop(): Promise<void>
}

export async function startOurs(
  given: { nodes?: number; handlers?: readonly Handler[]; timeoutMs?: number; atOnce?: number } = {},
): Promise<Contestant> {
  const { nodes = 1, handlers, timeoutMs = 15_000, atOnce = 16 } = given
  const settings = { ...SETTINGS, ...(nodes > 1 && SEVERAL_NODES) }
  const broker = await startEmbedded({ nodes, settings, ...(handlers && { handlers, onBug: () => {} }) })
  const stopNode = (id: number) => broker.stop(id)
  return {
    target: { bootstrap: broker.bootstrap, prefix: PREFIX, atOnce, timeoutMs, stopNode },
    stop: () => broker.close(),
  }
}

export async function startKafka(
  root: string,
  nodes: number,
  onProgress: (line: string) => void,
): Promise<Contestant & { version: string }> {
  const settings = { ...SETTINGS, ...(nodes > 1 && SEVERAL_NODES) }
  const broker = await startJvm({ root, nodes, settings, onProgress })
  const target = liveTarget(broker.bootstrap, PREFIX, (id) => broker.killNode(id))
  return { version: broker.version, target, stop: () => broker.stop() }
}

/** A Kafka of one node that runs already, with SETTINGS. What earlier runs left there must not get in the way. */
export function namedKafka(bootstrap: string): Contestant {
  const stopNode = () => Promise.reject(new Error('a cluster that runs already is left alone'))
  return {
    target: liveTarget(bootstrap, `${PREFIX}${Date.now().toString(36)}-`, stopNode),
    stop: async () => {},
  }
}

function liveTarget(bootstrap: string, prefix: string, stopNode: Target['stopNode']): Target {
  return { bootstrap, prefix, atOnce: 8, timeoutMs: 30_000, stopNode }
}
