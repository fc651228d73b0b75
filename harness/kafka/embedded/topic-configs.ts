import type { Settings } from './config-definition.ts'
import { type ConfigDefinition, checkConfig, listItems } from './config-definition.ts'
import { Refusal } from './refusal.ts'

export interface TopicConfigDefinition extends ConfigDefinition {
  /** The broker setting that gives the default; null where Kafka's has no default of its own (log.retention.ms). */
  setting: string | null
  /** True for the one that new clusters of 4.1 and later set for all topics (KIP-966). */
  isClusterWide?: boolean
}

const LONG_MAX = '9223372036854775807'

type Shape = Omit<ConfigDefinition, 'default'>
const boolean: Shape = { type: 'BOOLEAN' }
const list: Shape = { type: 'LIST' }
const int = (min: number, max?: number): Shape => ({ type: 'INT', min, ...(max !== undefined && { max }) })
const long = (min: number): Shape => ({ type: 'LONG', min })
const oneOf = (...words: string[]): Shape => ({ type: 'STRING', oneOf: words })

function define(shape: Shape, byDefault: string, setting: string | null = null): TopicConfigDefinition {
  return { ...shape, default: byDefault, setting }
}

/** The settings that a topic can have, as Kafka 4.3.1 describes them (org.apache.kafka.storage.internals.log.LogConfig). */
export const TOPIC_CONFIGS: Readonly<Record<string, TopicConfigDefinition>> = {
  'cleanup.policy': define({ ...list, oneOf: ['compact', 'delete'] }, 'delete', 'log.cleanup.policy'),
  'compression.gzip.level': define(int(-1, 9), '-1', 'compression.gzip.level'),
  'compression.lz4.level': define(int(1, 17), '9', 'compression.lz4.level'),
  'compression.type': define(
    oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'),
    'producer',
    'compression.type',
  ),
  'compression.zstd.level': define(int(-131072, 22), '3', 'compression.zstd.level'),
  'delete.retention.ms': define(long(0), '86400000', 'log.cleaner.delete.retention.ms'),
  'file.delete.delay.ms': define(long(0), '60000', 'log.segment.delete.delay.ms'),
  'flush.messages': define(long(1), LONG_MAX, 'log.flush.interval.messages'),
  'flush.ms': define(long(0), LONG_MAX),
  'follower.replication.throttled.replicas': define(list, ''),
  'index.interval.bytes': define(int(0), '4096', 'log.index.interval.bytes'),
  'leader.replication.throttled.replicas': define(list, ''),
  'local.retention.bytes': define(long(-2), '-2', 'log.local.retention.bytes'),
  'local.retention.ms': define(long(-2), '-2', 'log.local.retention.ms'),
  'max.compaction.lag.ms': define(long(1), LONG_MAX, 'log.cleaner.max.compaction.lag.ms'),
  'max.message.bytes': define(int(0), '1048588', 'message.max.bytes'),
  'message.timestamp.after.max.ms': define(long(0), '3600000', 'log.message.timestamp.after.max.ms'),
  'message.timestamp.before.max.ms': define(long(0), LONG_MAX, 'log.message.timestamp.before.max.ms'),
  'message.timestamp.type': define(
    oneOf('CreateTime', 'LogAppendTime'),
    'CreateTime',
    'log.message.timestamp.type',
  ),
  'min.cleanable.dirty.ratio': define(
    { type: 'DOUBLE', min: 0, max: 1 },
    '0.5',
    'log.cleaner.min.cleanable.ratio',
  ),
  'min.compaction.lag.ms': define(long(0), '0', 'log.cleaner.min.compaction.lag.ms'),
  'min.insync.replicas': { ...define(int(1), '1', 'min.insync.replicas'), isClusterWide: true },
  preallocate: define(boolean, 'false', 'log.preallocate'),
  'remote.log.copy.disable': define(boolean, 'false'),
  'remote.log.delete.on.disable': define(boolean, 'false'),
  'remote.storage.enable': define(boolean, 'false'),
  'retention.bytes': define(long(-1), '-1', 'log.retention.bytes'),
  'retention.ms': define(long(-1), '604800000'),
  'segment.bytes': define(int(1_048_576), '1073741824', 'log.segment.bytes'),
  'segment.index.bytes': define(int(4), '10485760', 'log.index.size.max.bytes'),
  'segment.jitter.ms': define(long(0), '0'),
  'segment.ms': define(long(1), '604800000'),
  'unclean.leader.election.enable': define(boolean, 'false', 'unclean.leader.election.enable'),
}

/** Refuses the first unknown name or bad value with INVALID_CONFIG, as LogConfig.validate does. */
export function checkTopicConfigs(given: ReadonlyMap<string, string>): void {
  for (const name of given.keys()) definitionOf(name)
  for (const [name, value] of given) checkConfig(name, definitionOf(name), value)
}

/** The definition of a topic's setting; an unknown name is refused. */
function definitionOf(name: string): TopicConfigDefinition {
  const definition = Object.hasOwn(TOPIC_CONFIGS, name) ? TOPIC_CONFIGS[name] : undefined
  if (!definition) throw new Refusal('INVALID_CONFIG', `Unknown topic config name: ${name}`)
  return definition
}

/** The configuration of one topic: what was set on it, over the broker's settings. Looked at for every batch, so it remembers. */
export class TopicConfigs {
  #own: ReadonlyMap<string, string>
  readonly #settings: Settings
  readonly #values = new Map<string, string>()
  readonly #numbers = new Map<string, number>()
  #policies: readonly string[] | null = null

  constructor(own: ReadonlyMap<string, string>, settings: Settings) {
    this.#own = own
    this.#settings = settings
  }

  /** What was set on the topic itself. */
  get own(): ReadonlyMap<string, string> {
    return this.#own
  }

  set own(own: ReadonlyMap<string, string>) {
    this.#own = own
    this.#values.clear()
    this.#numbers.clear()
    this.#policies = null
  }

  /** The value that holds. */
  get(name: string): string {
    const known = this.#values.get(name)
    if (known !== undefined) return known
    const { setting, default: byDefault } = definitionOf(name)
    const inherited = setting === null ? undefined : this.#settings[setting]
    const value = this.#own.get(name) ?? inherited ?? byDefault
    this.#values.set(name, value)
    return value
  }

  number(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    const value = Number(this.get(name))
    this.#numbers.set(name, value)
    return value
  }

  long(name: string): bigint {
    return BigInt(this.get(name).trim())
  }

  /** Whether `cleanup.policy` names this policy; it may name both. */
  hasCleanupPolicy(policy: 'compact' | 'delete'): boolean {
    this.#policies ??= listItems(this.get('cleanup.policy'))
    return this.#policies.includes(policy)
  }
}
