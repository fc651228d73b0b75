import { type ConfigDefinition, checkConfig, type Settings } from './config-definition.ts'
import { TOPIC_CONFIGS } from './topic-configs.ts'

const int = (byDefault: string): ConfigDefinition => ({ type: 'INT', default: byDefault })
const long = (byDefault: string): ConfigDefinition => ({ type: 'LONG', default: byDefault })
const boolean = (byDefault: string): ConfigDefinition => ({ type: 'BOOLEAN', default: byDefault })

/** What this broker obeys, with Kafka's defaults (KafkaConfig); names and defaults of topics are added below. */
export const BROKER_SETTINGS: Readonly<Record<string, ConfigDefinition>> = {
  'auto.create.topics.enable': boolean('true'),
  'connections.max.idle.ms': long('600000'),
  'default.replication.factor': int('1'),
  'delete.topic.enable': boolean('true'),
  'fetch.max.bytes': int('57671680'),
  'group.initial.rebalance.delay.ms': int('3000'),
  'group.max.session.timeout.ms': int('1800000'),
  'group.max.size': int('2147483647'),
  'group.min.session.timeout.ms': int('6000'),
  'log.cleaner.backoff.ms': long('15000'),
  'log.retention.check.interval.ms': long('300000'),
  'max.connections': { ...int('2147483647'), min: 0 },
  'max.connections.per.ip': { ...int('2147483647'), min: 0 },
  'num.partitions': int('1'),
  'offset.metadata.max.bytes': int('4096'),
  'offsets.retention.check.interval.ms': long('600000'),
  'offsets.retention.minutes': int('10080'),
  'socket.request.max.bytes': int('104857600'),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int('10000'),
  'transaction.max.timeout.ms': int('900000'),
  ...topicSettings(),
  ...limits(),
}

/** What Kafka leaves to the disk and to its operators (`create.topic.policy.class.name`), and memory cannot: see limits.ts. */
function limits(): Record<string, ConfigDefinition> {
  return {
    'workbook.max.log.bytes': { ...long('2147483648'), min: 0 },
    'workbook.max.partitions': { ...int('20000'), min: 0 },
    'workbook.max.topics': { ...int('10000'), min: 0 },
  }
}

function topicSettings(): Record<string, ConfigDefinition> {
  const settings: Record<string, ConfigDefinition> = {}
  for (const { setting, ...definition } of Object.values(TOPIC_CONFIGS)) {
    if (setting !== null) settings[setting] = definition
  }
  return settings
}

/**
 * Where this broker differs from Kafka's defaults: nothing is created by a typing error, what comes by itself comes soon,
 * and connections have an end.
 */
const OURS: Settings = {
  'auto.create.topics.enable': 'false',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  'log.cleaner.backoff.ms': '1000',
  'log.retention.check.interval.ms': '1000',
  'max.connections': '2000',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
}

/** Completes `given` with the defaults. Throws on an unknown name or a bad value: the broker does not start then. */
export function brokerSettings(given: Settings = {}): Settings {
  for (const [name, value] of Object.entries(given)) {
    const definition = BROKER_SETTINGS[name]
    if (!definition) throw new Error(`The embedded broker has no setting ${name}.`)
    checkConfig(name, definition, value)
  }
  const defaults = Object.entries(BROKER_SETTINGS).map(([name, definition]) => [name, definition.default])
  return { ...Object.fromEntries(defaults), ...OURS, ...given }
}
