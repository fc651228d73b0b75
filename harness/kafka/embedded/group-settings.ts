/** The settings of a broker that groups obey; times in milliseconds. */
export interface GroupSettings {
  minSessionTimeoutMs: number
  maxSessionTimeoutMs: number
  maxSize: number
  initialRebalanceDelayMs: number
  offsetsRetentionMs: number
  offsetsRetentionCheckIntervalMs: number
  /** Kafka says bytes and counts characters (OffsetMetadataManager.isMetadataInvalid); so do we. */
  offsetMetadataMaxBytes: number
}

const MINUTE_MS = 60_000

/**
 * Reads the settings of groups from broker properties with Kafka's names; the defaults are Kafka's
 * (GroupCoordinatorConfig) but for two, which keep exercises quick: sessions may be as short as one second
 * (Kafka: six), and the first rebalance of a group does not wait (Kafka: three seconds).
 */
export function groupSettings(properties: Readonly<Record<string, string>>): GroupSettings {
  const number = (name: string, byDefault: number) => Number(properties[name] ?? byDefault)
  return {
    minSessionTimeoutMs: number('group.min.session.timeout.ms', 1000),
    maxSessionTimeoutMs: number('group.max.session.timeout.ms', 30 * MINUTE_MS),
    maxSize: number('group.max.size', 2 ** 31 - 1),
    initialRebalanceDelayMs: number('group.initial.rebalance.delay.ms', 0),
    offsetsRetentionMs: number('offsets.retention.minutes', 7 * 24 * 60) * MINUTE_MS,
    offsetsRetentionCheckIntervalMs: number('offsets.retention.check.interval.ms', 10 * MINUTE_MS),
    offsetMetadataMaxBytes: number('offset.metadata.max.bytes', 4096),
  }
}
