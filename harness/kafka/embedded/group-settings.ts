import type { Settings } from './config-definition.ts'

/** The settings of the broker that groups obey; times in milliseconds. */
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

/** Reads them from the broker's settings. */
export function groupSettings(settings: Settings): GroupSettings {
  const number = (name: string) => Number(settings[name])
  return {
    minSessionTimeoutMs: number('group.min.session.timeout.ms'),
    maxSessionTimeoutMs: number('group.max.session.timeout.ms'),
    maxSize: number('group.max.size'),
    initialRebalanceDelayMs: number('group.initial.rebalance.delay.ms'),
    offsetsRetentionMs: number('offsets.retention.minutes') * 60_000,
    offsetsRetentionCheckIntervalMs: number('offsets.retention.check.interval.ms'),
    offsetMetadataMaxBytes: number('offset.metadata.max.bytes'),
  }
}
