import type { Broker } from '../../kafka/broker.ts'
import type { Handler } from '../../kafka/embedded/handler.ts'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { startJvm } from '../../kafka/jvm.ts'
import type { NodeSettings } from '../../kafka/node-settings.ts'
import type { Target } from './run.ts'

/**
 * What every broker under comparison is told, beside what the workbook tells Kafka anyway (kafka/node-settings.ts): it makes
 * errors reachable that need a limit, and times short.
 */
export const SETTINGS: NodeSettings = {
  'auto.create.topics.enable': 'true',
  'num.partitions': '2',
  'group.max.size': '4',
  'group.max.session.timeout.ms': '60000',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '100',
  'offset.metadata.max.bytes': '100',
}

/** On brokers that are fresh, names are the same on every run: the order of some answers of Kafka hangs on their hashes. */
const PREFIX = 'wb-parity-'

/** A broker under comparison. */
export interface Contestant {
  target: Target
  stop(): Promise<void>
}

export async function startOurs(
  given: { handlers?: readonly Handler[]; timeoutMs?: number; atOnce?: number } = {},
): Promise<Contestant> {
  const { handlers, timeoutMs = 15_000, atOnce = 16 } = given
  const broker = await startEmbedded({ settings: SETTINGS, ...(handlers && { handlers, onFault: () => {} }) })
  return {
    target: { bootstrap: broker.bootstrap, prefix: PREFIX, atOnce, timeoutMs },
    stop: () => broker.close(),
  }
}

export async function startKafka(
  root: string,
  onProgress: (line: string) => void,
): Promise<Contestant & { broker: Broker }> {
  const broker = await startJvm({ root, settings: SETTINGS, onProgress })
  return { broker, target: liveTarget(broker.bootstrap, PREFIX), stop: () => broker.stop() }
}

/** A Kafka that runs already, with SETTINGS. What earlier runs left there must not get in the way. */
export function namedKafka(bootstrap: string): Contestant {
  return { target: liveTarget(bootstrap, `${PREFIX}${Date.now().toString(36)}-`), stop: async () => {} }
}

function liveTarget(bootstrap: string, prefix: string): Target {
  return { bootstrap, prefix, atOnce: 8, timeoutMs: 20_000 }
}
